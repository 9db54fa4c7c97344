const GREETINGS: Record<string, string> = { de: "Guten Tag", en: "Hello", es: "Hola", fr: "Bonjour", ja: "こんにちは" };

export interface Visitor {
  name?: string;
  /** Two letters, such as `fr`. */
  language?: string;
}

/** For example "Bonjour, Ada!". A language that it does not know is English. */
export function greeting({ name = "stranger", language = "en" }: Visitor): string {
  return `${GREETINGS[language] ?? GREETINGS.en}, ${name}!`;
}
