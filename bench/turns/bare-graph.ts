import { Annotation, END, MemorySaver, START, StateGraph } from '@langchain/langgraph';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';

const State = Annotation.Root({
  messages: Annotation<readonly string[]>({ reducer: (all, more) => [...all, ...more], default: () => [] }),
});

/**
 * What a turn is without any of our guarantees: LangGraph as its documentation shows it, one model node, one tool, the
 * same checkpointer, the same durability. The model and the tool answer at once.
 */
export async function createBareGraph(databaseUrl: string | undefined) {
  const saver = databaseUrl === undefined ? new MemorySaver() : PostgresSaver.fromConnString(databaseUrl);
  if (saver instanceof PostgresSaver) await saver.setup();
  const graph = new StateGraph(State)
    .addNode('model', ({ messages }) => ({ messages: [messages.at(-1)?.startsWith('tool') ? 'answer' : 'call'] }))
    .addNode('tools', () => ({ messages: [`tool ${JSON.stringify(Array.from({ length: 6 }, (_, at) => `event ${at}`))}`] }))
    .addEdge(START, 'model')
    .addConditionalEdges('model', ({ messages }) => (messages.at(-1) === 'call' ? 'tools' : END))
    .addEdge('tools', 'model')
    .compile({ checkpointer: saver });
  return {
    /** One turn of a conversation, in milliseconds. `thread`: the same one for all turns is how a conversation is kept. */
    async turn(thread: string): Promise<number> {
      const startedAt = performance.now();
      const input = { messages: ['What is on my calendar tomorrow?'] };
      await graph.invoke(input, { configurable: { thread_id: thread }, durability: 'exit' });
      return performance.now() - startedAt;
    },
    close: () => (saver instanceof PostgresSaver ? saver.end() : Promise.resolve()),
  };
}
