/** Where the repository lives, for addresses of its documents. */
export const HOME = "https://github.com/lock-catalogue/lock-catalogue";
