import type { HLJSApi, Language } from 'highlight.js'

const KEYWORDS =
  'and or not in has has_all has_any has_cs hasprefix hassuffix contains contains_cs startswith startswith_cs endswith between matches regex by on kind asc desc nulls first last with to step from of typeof ' +
  'let set declare where filter project project-away project-keep project-rename project-reorder extend summarize join lookup union take limit top top-nested sort order distinct count parse parse-where parse-kv evaluate render ' +
  'mv-expand mv-apply make-series datatable print range search find getschema sample sample-distinct serialize scan fork facet partition invoke as externaldata materialize inner leftouter rightouter fullouter leftanti rightanti leftsemi rightsemi innerunique'

/** Defines the grammar of the query language of Microsoft Sentinel, Defender and Azure Data Explorer. */
export const kql = (hljs: HLJSApi): Language => ({
  name: 'KQL',
  keywords: {
    $pattern: /[a-z_][\w-]*/,
    keyword: KEYWORDS,
    literal: 'true false null',
    type: 'string long int real double decimal bool boolean datetime date timespan time dynamic guid',
  },
  contains: [
    hljs.C_LINE_COMMENT_MODE,
    { className: 'string', begin: /```/, end: /```/ },
    { className: 'string', begin: /[hH]?@"/, end: /"/, contains: [{ begin: /""/ }] },
    { className: 'string', begin: /[hH]?@'/, end: /'/, contains: [{ begin: /''/ }] },
    { className: 'string', begin: /"/, end: /"|\n/, contains: [hljs.BACKSLASH_ESCAPE] },
    { className: 'string', begin: /'/, end: /'|\n/, contains: [hljs.BACKSLASH_ESCAPE] },
    { className: 'number', begin: /\b\d{1,20}(?:\.\d{1,20})?(?:ms|microseconds?|ticks?|[dhms])?\b/ },
    // A call of a function, such as `ago(`, but not an operator before a bracket, such as `in(`.
    { className: 'built_in', begin: /\b(?!(?:in|between|and|or|not|by|on|has_any|has_all|let)\b)[a-z_]\w{0,40}(?=\()/ },
  ],
})
