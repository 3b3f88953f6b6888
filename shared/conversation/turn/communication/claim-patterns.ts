// Words by which a write is said to be done. Left out: what reading does too ("opened", "added up").
const done =
  'booked|scheduled|created|added(?! up)|sent|invited|moved|rescheduled|postponed|cancell?ed|deleted|removed|updated|changed|set up|put|' +
  'arranged|organi[sz]ed|reserved|recorded|noted down|filed|logged|closed|assigned|confirmed|shared|forwarded|emailed|messaged|notified';
const adverbs = '(?: now| just| also| already| successfully| since| then| gone ahead and)*';
// What a person can be told to have got; anything else may be a heading of what was read.
const thing =
  'meeting|event|invite|invitation|reminder|appointment|call|room|ticket|review|message|e-?mail|mail|booking|entry|slot|series|request|lunch|sync';

// A word of a heading: with a verb or a person in it, it is a sentence about what is there.
const word = '(?!(?:have|has|had|are|is|was|were|you|there|no|any)\\b)[\\p{L}\\p{N}\'’“”"&-]+';

/** Claims in the assistant's own name, and words that can mean nothing else: wrong whatever was read. */
export const ownClaims: readonly RegExp[] = [
  // "I have booked …", "I've just gone ahead and sent …", "we scheduled …"
  new RegExp(
    `\\b(?<!(?:have|had|did|shall|should|until|before|that) )(?:I|we)(?:['’]ve| have)?${adverbs} (?:${done})\\b(?! in mind)`,
    'i',
  ),
  /\b(?:I|we) (?:was|were|have been|['’]ve been) able to (?:book|schedule|create|add|send|invite|move|reschedule|cancel|delete|update|change|set)\b/i,
  /\b(?:I|we)(?: have|['’]ve)?(?: successfully)? (?:went|gone) ahead and\b/i,
  /\b(?:I|we)(?: have|['’]ve)? managed to (?:book|schedule|create|add|send|move|cancel|delete|update|change)\b/i,
  // "is now booked", "has been sent for you", "has been added as requested"
  /\b(?:is|are|has been|have been|was|were) (?:now|successfully|hereby) (?:booked|scheduled|created|sent|set(?: up)?|added|reserved|in place)\b/i,
  /\bhas (?:now |just |successfully )+been (?:booked|scheduled|created|sent|set(?: up)?|added|reserved|moved|cancell?ed|deleted|updated)\b/i,
  /\b(?:booked|scheduled|created|sent|added|reserved|moved|cancell?ed|updated|deleted) (?:it |that |this |them )?(?:for you|as (?:you )?(?:requested|asked))\b/i,
  // "Booked!", "Sent it.", "Done: booked the room", "Meeting booked for 3pm"
  /^(?:(?:ok(?:ay)?|great|perfect|sure|done|all set|alright)[!,.:–—-]*\s+)?(?:successfully )?(?:booked|scheduled|created|added|sent|invited|moved|rescheduled|cancell?ed|deleted|removed|updated|reserved)(?:\s*[.!]*$| (?:it|that|them|both|the|your|an?)\b)/i,
  new RegExp(
    `^(?:(?:the|your|an?) )?(?:${word} ){0,4}?(?:${thing})s? (?:successfully )?(?:booked|created|sent|added|reserved)\\b`,
    'iu',
  ),
  /^(?:(?:ok(?:ay)?|great|perfect|sure|yes)[!,.]*\s+)?(?:all )?done(?: for you)?\s*[.!]*$/i,
  /^(?:it['’]s|that['’]s|this is|consider it|it is|that is) (?:all )?(?:done|booked|sent|sorted|taken care of)\s*[.!]*$/i,
  /^(?:(?:great|perfect|ok(?:ay)?)[!,.]*\s+)?(?:you(?:['’]re| are) )?all (?:set|sorted)\b/i,
  /^\s*(?:✓|✔|✅|☑)/u,
];

/** Sentences that report what was read, where something was; where nothing was, they claim. */
export const reportedClaims: readonly RegExp[] = [
  new RegExp(`\\b(?:has been|have been|was|were)(?: all| both)?${adverbs} (?:${done})\\b`, 'i'),
  new RegExp(
    `\\b(?:it|that|this|(?:the|your)(?: [\\p{L}\\p{N}'’“”"&-]+){1,6}) (?:is|are)(?: all| both)?${adverbs} (?:set|${done})\\b`,
    'iu',
  ),
  new RegExp(`^(?:the|your|an? )?(?:${word} ){0,4}?(?:${thing})s? (?:set|${done})\\b`, 'iu'),
  new RegExp(`^(?:successfully )?(?:${done})\\b`, 'i'),
  /\b(?:invite|invitation|message|e-?mail)s? (?:is|are) on (?:its|their) way\b/i,
  /\b(?:it|that|the (?:meeting|event|review|call|appointment))(?:['’]s| is)(?: now)? (?:in|on) your calendar\b/i,
];

// The other languages that people of the organisation are likely to write in.
export const foreignClaims: readonly RegExp[] = [
  /\b(?:ich habe|habe ich|wir haben|hab(?:e)?) (?:[\p{L}\p{N}.:,'’“”"@-]+ ){0,12}?(?:gebucht|eingetragen|erstellt|angelegt|verschickt|gesendet|geschickt|verschoben|abgesagt|storniert|gelöscht|eingeladen|reserviert|aktualisiert|geändert)\b/iu,
  /\b(?:marquei|agendei|enviei|criei|cancelei|reservei|adicionei|convidei|reagendei|apaguei|atualizei)(?![\p{L}])/iu,
  /(?<![\p{L}])(?:he|hemos) (?:ya )?(?:reservado|programado|agendado|creado|enviado|cancelado|añadido|invitado|movido|eliminado|actualizado)(?![\p{L}])/iu,
  /(?<![\p{L}])(?:j['’]ai|nous avons) (?:bien )?(?:réservé|planifié|programmé|créé|envoyé|annulé|ajouté|invité|déplacé|supprimé|modifié)/iu,
  /(?<![\p{L}])(?:ho|abbiamo) (?:già )?(?:prenotato|fissato|programmato|creato|inviato|annullato|aggiunto|invitato|spostato|eliminato|aggiornato)(?![\p{L}])/iu,
];
