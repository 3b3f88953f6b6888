import net from 'node:net';

let done = false;

/** Sets TCP_NODELAY on every outgoing socket: the AMQP client does not, and each settlement would wait 40 ms for an ack. */
export function disableNagle(): void {
  if (done) return;
  done = true;
  net.connect = new Proxy(net.connect, {
    apply: (target, self, args: unknown[]) => (Reflect.apply(target, self, args) as net.Socket).setNoDelay(true),
  });
}
