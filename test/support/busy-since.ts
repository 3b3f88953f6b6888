/** From now on: for how long this thread was at work, in milliseconds. What else the machine does meanwhile does not count. */
export function busySince(): () => number {
  const before = process.threadCpuUsage();
  return () => {
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1_000;
  };
}
