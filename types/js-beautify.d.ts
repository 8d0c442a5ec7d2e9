/** The part of js-beautify that prints JavaScript; its own types are of the whole package alone. */
declare module 'js-beautify/js/lib/beautify.js' {
  export function js_beautify(
    text: string,
    options: {
      readonly indent_size: number;
      readonly max_preserve_newlines: number;
      readonly break_chained_methods: boolean;
    },
  ): string;
}
