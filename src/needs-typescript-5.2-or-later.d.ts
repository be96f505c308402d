// What an older compiler is led to by package.json. It is no module, so that the compiler says so, and names this file.
