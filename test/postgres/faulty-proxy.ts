import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A proxy between a client and a server, whose connections can go silent or be cut. */
export class FaultyProxy {
  readonly port: number;
  readonly #sockets: Set<Socket>;

  private constructor(port: number, sockets: Set<Socket>) {
    this.port = port;
    this.#sockets = sockets;
  }

  /** Starts one, until the test ends. @param target A port of 127.0.0.1. */
  static async start(target: number): Promise<FaultyProxy> {
    const sockets = new Set<Socket>();
    const server = createServer((client) => {
      const real = connect(target, "127.0.0.1");
      for (const socket of [client, real]) {
        sockets.add(socket);
        socket.on("error", () => {});
        socket.on("close", () => sockets.delete(socket));
      }
      client.pipe(real);
      real.pipe(client);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const proxy = new FaultyProxy(port, sockets);
    onTestFinished(() => {
      proxy.cut();
      server.close();
    });
    return proxy;
  }

  /** From now on nothing comes through, either way, and both ends believe that all is well. */
  silence(): void {
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  /** Ends all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
