/** Loaded into a child beside its own program: when the parent is gone, however that ended, the child ends too. */
process.once('disconnect', () => process.exit(1));
process.channel?.unref();
