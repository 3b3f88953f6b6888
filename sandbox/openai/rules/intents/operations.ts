import { isObject } from '../../wire/strict-schema.ts';
import type { Intent } from '../intent.ts';
import { instantIn, listIn } from '../wording/shape.ts';

export const listFailures: Intent = {
  name: 'list failures',
  effect: 'read',
  tools: [/(?:list|get|show)_?fail(?:ures|ed)\b|failures?_?list/i],
  triggers: [
    /\b(?:what|which|anything|has|did|show|list|tell me|give me|any|see)\b.*\b(?:fail(?:ed|ures?)?|went wrong)\b/i,
    /^\W*failures?\W*$/i,
  ],
  offer: 'tell an admin what failed ("what failed?")',
  word: (result, { now }) => {
    const list = listIn(result)?.filter(isObject);
    if (!list) return undefined;
    if (list.length === 0) return 'Nothing failed.';
    const lines = list.map((failure) => {
      const text = (name: string) => (typeof failure[name] === 'string' ? failure[name] : '');
      const when = instantIn(text('when'), now)?.setLocale('en-GB').toFormat('ccc d LLL HH:mm') ?? text('when');
      const messages = typeof failure['messages'] === 'number' ? failure['messages'] : 1;
      const told = [text('id'), when, text('reason'), `${messages} ${messages === 1 ? 'message' : 'messages'}`];
      return `• ${[...told, ...(failure['replayed'] === true ? ['replayed'] : [])].join(', ')}`;
    });
    return ['This failed:', ...lines].join('\n');
  },
};

export const replayFailure: Intent = {
  name: 'replay failure',
  effect: 'write',
  tools: [/replay_?(?:failures?|turns?)\b|failures?_?replay/i],
  triggers: [/\breplay\b/i, /\b(?:retry|redo|try|work)\b.*\bfailure\b/i],
  offer: 'replay what failed ("replay failure 3f9a2c1d")',
  questions: { id: 'Which failure should I replay? Its id is enough.' },
};

export const pause: Intent = {
  name: 'pause',
  effect: 'write',
  tools: [/(?:^|_)pause(?:_?(?:all|everything))?$/i],
  triggers: [/^\W*(?:please )?pause(?: (?:all|everything|everybody|the assistant|work|yourself|now|please))*\W*$/i],
  offer: 'pause everything ("pause everything")',
};

export const resume: Intent = {
  name: 'resume',
  effect: 'write',
  tools: [/(?:^|_)(?:resume|unpause)(?:_?(?:all|everything))?$/i],
  triggers: [
    /^\W*(?:please )?(?:resume|unpause|end the pause)(?: (?:all|everything|everybody|the assistant|work|now|please))*\W*$/i,
  ],
};
