import { Annotation, END, START, StateGraph, type BaseCheckpointSaver } from '@langchain/langgraph';
import { asAppError } from '../../core/errors.ts';
import { withSpan } from '../../telemetry/index.ts';
import { composeReply } from './communication/compose-reply.ts';
import { explainFailure } from './communication/explain-failure.ts';
import { remember } from './communication/remember.ts';
import { buildContext } from './context/build-context.ts';
import { askModel } from './reasoning/ask-model.ts';
import { performCalls } from './reasoning/perform-calls.ts';
import { checkCaller } from './security/check-caller.ts';
import type { TurnChanges, TurnContext, TurnState } from './state.ts';

/** Where threads are kept between the tries of a turn. */
export type Checkpointer = BaseCheckpointSaver;

/** Part of the thread's id: a checkpoint of another graph is never continued. Count it up with every change of shape. */
export const graphVersion = 3;

const State = Annotation.Root({
  items: Annotation<TurnState['items']>,
  recorded: Annotation<number>,
  rounds: Annotation<number>,
  pending: Annotation<TurnState['pending']>,
  results: Annotation<TurnState['results']>,
  proposals: Annotation<TurnState['proposals']>,
  tokens: Annotation<number>,
  text: Annotation<string>,
  author: Annotation<TurnState['author']>,
  failure: Annotation<TurnState['failure']>,
  parts: Annotation<TurnState['parts']>,
  memory: Annotation<TurnState['memory']>,
});

/** Where every turn begins. */
export const initialState: TurnState = {
  items: [],
  recorded: 0,
  rounds: 0,
  pending: undefined,
  results: [],
  proposals: [],
  tokens: 0,
  text: '',
  author: 'application',
  failure: undefined,
  parts: [],
  memory: undefined,
};

type Step = (state: TurnState, context: TurnContext) => TurnChanges | Promise<TurnChanges>;

/**
 * security → context → reasoning ⇄ tools → communication; an error that no retry can mend goes to `failure` and from
 * there to communication. What may pass later is thrown: the turn is parked and goes on from here.
 */
export function buildTurnGraph(context: TurnContext, checkpointer: Checkpointer) {
  const node = (name: string, step: Step) => (state: TurnState) =>
    withSpan(`node ${name}`, { turn: context.turnId }, async () => {
      try {
        return await step(state, context);
      } catch (error) {
        const known = asAppError(error);
        if (!known || known.retryable || state.failure) throw error;
        return { failure: { code: known.code, told: known.told }, pending: undefined } satisfies TurnChanges;
      }
    });
  const orFailure =
    <Next extends string>(next: (state: TurnState) => Next) =>
    (state: TurnState): Next | 'explain' =>
      state.failure ? 'explain' : next(state);

  return new StateGraph(State)
    .addNode(
      'security',
      node('security', (_state, given) => checkCaller(given)),
    )
    .addNode(
      'context',
      node('context', (_state, given) => buildContext(given)),
    )
    .addNode('reasoning', node('reasoning', askModel))
    .addNode('tools', node('tools', performCalls))
    .addNode('explain', node('explain', explainFailure))
    .addNode('communication', node('communication', composeReply))
    .addNode('remember', node('remember', remember))
    .addEdge(START, 'security')
    .addConditionalEdges(
      'security',
      orFailure((state) => (state.text === '' ? 'context' : 'communication')),
    )
    .addConditionalEdges(
      'context',
      orFailure((state) => (state.pending ? 'tools' : state.text === '' ? 'reasoning' : 'communication')),
    )
    .addConditionalEdges(
      'reasoning',
      orFailure((state) => (state.pending ? 'tools' : 'communication')),
    )
    .addConditionalEdges(
      'tools',
      orFailure((state) => (state.pending ? 'tools' : 'reasoning')),
    )
    .addEdge('explain', 'communication')
    .addEdge('communication', 'remember')
    .addEdge('remember', END)
    .compile({ checkpointer });
}
