// The page's words, in the reader's language, as the server gave them.

/** `t(name, values)` fills {slots}; a text with plural forms takes the one for `values.n`. */
export function translator(texts, locale) {
  const rules = new Intl.PluralRules(locale);
  return (name, values = {}) => {
    let text = texts[name] ?? name;
    if (typeof text === "object") text = text[rules.select(values.n)] ?? text.other;
    return text.replace(/\{(\w+)\}/g, (slot, key) => (key in values ? String(values[key]) : slot));
  };
}
