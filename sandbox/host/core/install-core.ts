import Module from 'node:module';

let installed: object | undefined;

/**
 * Lets `require('@azure/functions-core')` answer `api`, as the real worker does, whose package is on no registry. The
 * library asks once a process and keeps the answer, so a process can hold one host only.
 */
export function installCore(api: object): void {
  if (installed) throw new Error('a process holds one functions host: @azure/functions keeps its core for good');
  installed = api;
  Module.prototype.require = new Proxy(Module.prototype.require, {
    apply: (target, self, args: [string]) =>
      args[0] === '@azure/functions-core' ? installed : (Reflect.apply(target, self, args) as unknown),
  });
}
