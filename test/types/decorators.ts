/** The decorator form of `onUser`: what compiles, and what must not. Checked by tsc alone. */
import { Server } from "../../src/index.ts";
import type { AuthData, Client, PtyData } from "../../src/index.ts";

const ssh = new Server({ allowAnyone: true });
const shop = new Server<{ cart: string[] }>({ allowAnyone: true, state: () => ({ cart: [] }) });

export class App {
  readonly name = "app";

  @ssh.onUser("connect")
  greet(client: Client): void {
    client.sendln(this.name);
  }

  @ssh.onUser("command")
  async run(client: Client, command: string): Promise<number> {
    client.sendln(command);
    return command.length;
  }

  @ssh.onUser("auth")
  static judge({ username }: AuthData): boolean {
    return username === "alice";
  }

  @ssh.onUser("connect")
  @ssh.onUser("disconnected")
  both(): void {
    // Fewer arguments are fine.
  }

  @shop.onUser("command")
  buy(client: Client<{ cart: string[] }>, command: string): void {
    client.state.cart.push(command);
  }

  // @ts-expect-error there is no such event
  @ssh.onUser("conect")
  typo(client: Client): void {
    client.sendln();
  }

  // @ts-expect-error connect has one argument
  @ssh.onUser("connect")
  tooMany(client: Client, data: PtyData): void {
    client.sendln(data.term);
  }

  // @ts-expect-error a size is no key
  @ssh.onUser("type")
  wrongArgument(_client: Client, key: number): void {
    void key;
  }

  // @ts-expect-error connect takes no answer
  @ssh.onUser("connect")
  wrongAnswer(): string {
    return "";
  }

  // @ts-expect-error it decorates methods
  @ssh.onUser("connect")
  field = 5;
}
