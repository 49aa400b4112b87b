import type { HLJSApi, Language } from 'highlight.js'

const COMMANDS =
  'abstract accum addcoltotals addinfo addtotals anomalydetection append appendcols appendpipe bin bucket chart cluster collect convert datamodel dedup delta eval eventcount eventstats extract fieldformat fields fieldsummary fillnull filldown foreach format from gauge geostats head highlight inputcsv inputlookup iplocation join kv loadjob localize lookup makecontinuous makemv makeresults map metadata mstats multikv multisearch mvcombine mvexpand nomv outlier outputcsv outputlookup pivot predict rangemap rare regex rename replace rest return reverse rex savedsearch search sendemail set sort spath stats strcat streamstats table tail timechart timewrap top transaction transpose tscollect tstats typeahead union untable where xmlkv xpath'

/** Defines the grammar of Splunk's search language. */
export const spl = (hljs: HLJSApi): Language => ({
  name: 'SPL',
  case_insensitive: true,
  keywords: {
    $pattern: /[a-z_]\w*/,
    keyword: `and or not xor in like by as over where output outputnew ${COMMANDS}`,
    literal: 'true false null',
  },
  contains: [
    { className: 'comment', begin: /```/, end: /```/ },
    { className: 'string', begin: /"/, end: /"/, contains: [hljs.BACKSLASH_ESCAPE] },
    { className: 'variable', begin: /`/, end: /`/ },
    // The name of a field before a comparison, such as `src_ip=`.
    { className: 'attr', begin: /\b[a-z_][\w.]{0,60}(?=\s?(?:[=<>]|!=))/ },
    // A number or a time, such as `10`, `-24h` or `-1d@d`.
    { className: 'number', begin: /[-+]?\b\d{1,20}(?:\.\d{1,20})?(?:s|m|h|d|w|mon|y)?\b(?:@[a-z]\w{0,6})?/ },
    // A call of a function, such as `count(`, but not an operator before a bracket, such as `in(`.
    { className: 'built_in', begin: /\b(?!(?:in|and|or|not|by)\b)[a-z_]\w{0,40}(?=\()/ },
  ],
})
