/** How bad it is: an error stops the object (or the part of it that is named), a warning or an info stops nothing. */
export type FindingLevel = 'error' | 'warning' | 'info';

/**
 * What a finding does to its object's status.
 *
 * `refused`: Accepted=False, Invalid; the object has no effect. `conflicted`: Accepted=False, Conflicted. `unresolved`:
 * ResolvedRefs=False. `rejected`: Programmed=False, a proxy refused what came of it. `noted`: only the message of a condition.
 * `unstored`: there is no status, as the API server does not take the object.
 */
export type FindingEffect = 'unstored' | 'refused' | 'conflicted' | 'unresolved' | 'rejected' | 'noted';

/** One entry of the registry: everything that is the same in all findings of a code. */
export interface FindingDefinition<Message extends string = string> {
  /** CamelCase; the reason of the condition that the finding sets, and the heading of its documentation. */
  readonly title: string;
  readonly level: FindingLevel;
  readonly effect: FindingEffect;
  /** What is wrong, with `{arguments}`; begins in lower case, ends without a full stop. */
  readonly message: Message;
  /** What to do about it; may use the same arguments. */
  readonly fix: string;
}

/** The names of the `{arguments}` in a template. */
export type ArgumentsOf<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ArgumentsOf<Rest>
  : never;

/** Declares a finding; keeps the template's literal type, from which the arguments are known. */
export function define<const Message extends string>(
  definition: FindingDefinition<Message>,
): FindingDefinition<Message> {
  return definition;
}
