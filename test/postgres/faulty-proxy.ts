import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A proxy between a client and a server, whose connections can go silent or be cut. */
export class FaultyProxy {
  readonly port: number;
  readonly #sockets: Set<Socket>;
  readonly #silent: WeakSet<Socket>;

  private constructor(port: number, sockets: Set<Socket>, silent: WeakSet<Socket>) {
    this.port = port;
    this.#sockets = sockets;
    this.#silent = silent;
  }

  /** Starts one, until the test ends. @param target A port of 127.0.0.1. */
  static async start(target: number): Promise<FaultyProxy> {
    const sockets = new Set<Socket>();
    const silent = new WeakSet<Socket>();
    const server = createServer((client) => {
      const real = connect(target, "127.0.0.1");
      for (const [socket, other] of [
        [client, real],
        [real, client],
      ] as const) {
        sockets.add(socket);
        socket.on("error", () => {});
        socket.on("close", (hadError) => {
          sockets.delete(socket);
          // A process that is killed with unread data resets its connection, which a pipe does not pass on.
          if (hadError && !silent.has(socket)) other.destroy();
        });
      }
      client.pipe(real);
      real.pipe(client);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const proxy = new FaultyProxy(port, sockets, silent);
    onTestFinished(() => {
      proxy.cut();
      server.close();
    });
    return proxy;
  }

  /** From now on nothing comes through, either way, and both ends believe that all is well. */
  silence(): void {
    for (const socket of this.#sockets) {
      this.#silent.add(socket);
      socket.unpipe().pause();
    }
  }

  /** Ends all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
