/* See sentence.h. The compilers speak English, to the API and to logs; here the sentences a person meets while typing are recognised
 * by their shape, * standing for what is quoted from the text. */
#include "ui/sentence.h"
#include "base/arena.h"
#include "base/str.h"
#include "web/page.h"

#include <string.h>

enum { CAPTURES = 4 };

static const struct {
	const char *shape, *key;
} sentences[] = {
	{"not valid JSON: *", T_("said.json")},
	{"lines * and * exclude each other: nobody is both", T_("said.rule_exclude")},
	{"lines * and * together mean everybody", T_("said.rule_everybody")},
	{"this never holds for anybody", T_("said.rule_never")},
	{"this always holds for everybody", T_("said.rule_always")},
	{"this rule means nobody, whatever comes", T_("said.rule_nobody")},
	{"line *: segment, reachable, consent, near and where are known as *",
		T_("said.rule_past")},
	{"\"*\": a property is a name and a type, *", T_("said.plan_pair")},
	{"\"*\": a property is text, number, bool, *, not \"*\"", T_("said.plan_kind")},
	{"an event of the plan has a name of 1 to * bytes and at most * properties",
		T_("said.plan_name")},
	{"a plan has at most * events", T_("said.plan_many")},
	{"an origin is like https://shop.example, without a path, not \"*\"",
		T_("said.origin_shape")},
	{"\"*\" is no address and no range like 10.0.0.0/8", T_("said.network")},
	{"* is a list of at most * texts", T_("said.list_many")},
	{"* has texts of 1 to * bytes", T_("said.list_long")},
	{"signed identities want a secret: *", T_("said.need_secret")},
	{"the rules have * bytes, at most * are kept", T_("said.rules_long")},
	{"at most * characters of headers", T_("said.long")},
	{"a prefix has at most * bytes", T_("said.long")},
	{"a mapping has at most * bytes", T_("said.long")},
	{"a mapping is a text in Lua, not nothing", T_("said.mapping_empty")},
	{"a call needs a userId or an anonymousId *", T_("said.call_who")},
	{"track needs an event: *", T_("said.call_event")},
	{"type is identify, track, page, screen, group or alias, not \"*\"",
		T_("said.call_type")},
	{"what is published of this source has *", T_("said.bind_much")},
	{"properties is a list of at most *", T_("said.bind_many")},
	{"the file is empty", T_("said.file_empty")},
	{"an XLSX, CSV or XML file is expected, this one is no text",
		T_("said.file_no_text")},
	{"an XLSX, CSV or XML file is expected, this one is an old Excel *",
		T_("said.file_old")},
	{"an XLSX workbook is expected; *", T_("said.file_zip")},
	{"this is no whole ZIP archive: *", T_("said.file_damaged")},
	{"the archive's directory is broken", T_("said.file_damaged")},
	{"\"*\" in the archive is damaged or cut off", T_("said.file_damaged")},
	{"the file is locked with a password: *", T_("said.file_locked")},
	{"the element \"*\" has neither *", T_("said.xml_nothing")},
	{"there is no element in it", T_("said.xml_none")},
	{"there are bytes here that are not UTF-8: *", T_("said.xml_utf8")},
	{"this file has a DOCTYPE, *", T_("said.xml_doctype")},
	{"no sheet of it has rows", T_("said.sheet_none")},
	{"the sheet \"*\" has no rows", T_("said.sheet_empty")},
	{"there is no sheet \"*\" in this file", T_("said.sheet_gone")},
	{"* columns, at most * are read", T_("said.columns_many")},
	{"row * has more than * cells", T_("said.row_long")},
	{"line * is longer than 1 MB: *", T_("said.line_long")},
	{"line *: a quote is opened and never closed, *", T_("said.line_quote")},
	{"there is not one row in the file", T_("said.no_rows")},
	{"no column says who a row is: *", T_("said.map_nobody")},
	{"\"*\" is calculated, nobody sets it", T_("said.map_calculated")},
	{"\"*\" is calculated itself: *", T_("said.formula_reads")},
	{"no column goes to the key \"*\"", T_("said.map_key")},
	{"two columns go to the field \"*\"", T_("said.map_twice")},
	{"column \"*\": a transform has at most * bytes", T_("said.map_long")},
	{"column \"*\": *", T_("said.map_column")},
	{"check or run this import first: *", T_("said.import_first")},
	{"this import is *: what was run once is not run again, *", T_("said.import_ran")},
	{"this import is not in preparation any more", T_("said.import_begun")},
	{"the file of this import is not kept any more", T_("said.import_gone")},
	{"the address answers *, not with a file", T_("said.feed_status")},
	{"this address leads on and on", T_("said.redirects")},
	{"this is no address", T_("said.no_address")},
	{"the answer is larger than * bytes", T_("said.answer_large")},
	{"the list of people is gone: *", T_("said.people_gone")},
	{"a kind's name is small Latin letters, *", T_("said.ident_name")},
	{"there are * kinds of identifiers of your own already, *", T_("said.ident_kinds")},
	{"sources is the list of ids of sources, *", T_("said.ident_source")},
	{"a person has 1 to * of them", T_("said.ident_most")},
	{"a priority is 1 (first) to 99", T_("said.ident_priority")},
	{"blocked is a list of up to * texts", T_("said.ident_blocked")},
	{"a blocked value has at most * bytes", T_("said.ident_blocked_long")},
	{"the plan does not know this event: \"*\"", T_("said.plan_event")},
	{"the plan does not know this property: \"*\", \"*\"", T_("said.plan_property")},
	{"the plan expects another type: \"*\", \"*\"", T_("said.plan_type")},
	{"the plan expects this property: \"*\", \"*\"", T_("said.plan_missing")},
	{"this source takes nothing from *", T_("said.origin")},
	{"the address of a page of the site, *", T_("said.bind_url")},
	{"the event has no name", T_("said.bind_event")},
	{"a selector says which element is meant", T_("said.bind_selector")},
	{"an event of a page itself has no selector", T_("said.bind_no_selector")},
	{"an event of a page says which pages", T_("said.bind_pages")},
	{"where is a path *", T_("said.bind_where")},
	{"\"*\": a line is a name, a colon *", T_("said.bind_line")},
	{"a property has a name of *", T_("said.bind_name")},
	{"the property \"*\" does not say which *", T_("said.bind_which")},
	{"two properties have the same name", T_("said.bind_twice")},
	{"from is text, attribute, input, layer, path, query or const, not \"*\"",
		T_("said.bind_from")},
	{"type is text, number or bool, not \"*\"", T_("said.bind_type")},
	{"a source has at most * bindings", T_("said.bind_most")},
	{"* has a control character in it", T_("said.bind_control")},
	{"* has at most * bytes, not *", T_("said.bind_long")},
	{"there is no field \"*\", did you mean \"*\"?", T_("said.field_near")},
	{"there is no field \"*\"", T_("said.field")},
	{"there is no segment \"*\"", T_("said.segment")},
	{"segment \"*\" is archived: *", T_("said.segment_archived")},
	{"put in by hand: *", T_("said.hand_in")},
	{"taken out by hand: *", T_("said.hand_out")},
	{"repeats *: * is there", T_("said.repeats")},
	{"merged with *", T_("said.merged_with")},
	{"parted from *", T_("said.parted_from")},
	{"people enter and leave this segment by its rule: *", T_("said.not_static")},
	{"this segment is archived", T_("said.archived")},
	{"a static segment keeps whoever was put there: *", T_("said.static_unique")},
	{"a segment without a rule stays static", T_("said.stays_static")},
	{"a folder's name has at most *", T_("said.long")},
	{"a description has at most *", T_("said.long")},
	{"there is no campaign \"*\"", T_("said.campaign")},
	{"there is no scenario \"*\"", T_("said.scenario")},
	{"there is no template \"*\"", T_("said.template")},
	{"no template is called \"*\"", T_("said.template")},
	{"no segment is called \"*\"", T_("said.segment")},
	{"a step has no words: *", T_("said.step_comma")},
	{"steps are put one after another with commas, *", T_("said.step_comma")},
	{"a step is not called: *", T_("said.step_comma")},
	{"a scenario needs a step", T_("said.no_steps")},
	{"a scenario gives back itself: *", T_("said.scenario_return")},
	{"a scenario begins on an event or a segment", T_("said.scenario_on")},
	{"scenario: there is no word \"*\"; *", T_("said.scenario_word")},
	{"conditions are joined with |, not with or: *", T_("said.unused")},
	{"conditions are not compared: *", T_("said.compare")},
	{"conditions are not calculated with: *", T_("said.arithmetic")},
	{"~ between two conditions *", T_("said.xor")},
	{"conditions are not put together with ..: *", T_("said.concat")},
	{"a rule gives back its condition: *", T_("said.no_return")},
	{"a rule gives back one condition: *", T_("said.many")},
	{"a rule gives back a condition, this one gives *", T_("said.no_condition")},
	{"this * is built and not used: *", T_("said.unused")},
	{"there is no word *, did you mean *? *", T_("said.word_near")},
	{"there is no word *: *", T_("said.word")},
	{"where() failed for * people, who count as no: *", T_("said.where_failed")},
	{"of events before * only how many, *", T_("said.folded")},
	{"this company's scripts used up their share of the processor; *",
		T_("said.share")},
	{"a condition cannot be called: *", T_("said.called")},
	{"write :*(\u2026) with a colon, not .*", T_("said.colon")},
	{"case *: *", T_("said.case")},
	{"a * has no word *, did you mean *?", T_("said.no_word_near")},
	{"a * has no word *", T_("said.no_word")},
	{"where{} is empty", T_("said.where_empty")},
	{"*: the list is empty", T_("said.list_empty")},
	{"*: expected a condition, got *", T_("said.expected_condition")},
	{"*: a word without its parentheses, *", T_("said.parentheses")},
	{"a rule is expected: *", T_("said.empty")},
	{"\"*\" is no price", T_("said.price")},
	{"* cells, and the file has *", T_("why.row_cells")},
	{"there are * cells, the table has *", T_("why.row_cells")},
	{"bytes in it are no text in *", T_("why.row_bytes")},
	{"a quote is opened and never closed", T_("why.row_quote")},
	{"a cell is larger than *", T_("why.row_cell")},
	{"*: a cell holds at most *", T_("why.row_cell")},
	{"*: a row holds at most *", T_("why.row_long")},
	{"*: a formula of it went wrong", T_("said.row_formula")},
	{"a table of products has a column *", T_("said.table_id")},
	{"unpacked, the file is larger than * MB: *", T_("said.unpacked")},
	{"the product \"*\" has no name", T_("said.product_name")},
	{"a product has an id of *", T_("said.product_id")},
	{"the price of \"*\" is too large", T_("said.price_large")},
	{"there were * products, now there are *: *", T_("said.feed_half")},
	{"the address answered with *", T_("said.feed_status")},
	{"no answer: *", T_("said.feed_silent")},
	{"this address leads to a network or port that is not asked",
		T_("said.feed_inside")},
	{"a feed begins with *", T_("said.feed_root")},
	{"this is not well-formed XML: *", T_("said.feed_broken")},
	{"the file is cut off", T_("said.feed_cut")},
	{"this source has no mapping yet", T_("said.no_mapping")},
	{"the signature in * is not that of the body", T_("said.signature")},
	{"a mapping returns an event, *", T_("said.mapping_returns")},
	{"event * is no table with names", T_("said.mapping_event")},
	{"event *: *", T_("said.mapping_call")},
	{"* events of one request, at most * are taken", T_("said.mapping_many")},
	{"JSON, a form or XML is expected, *", T_("said.body_type")},
	{"a secret has * to * bytes", T_("said.sign_secret")},
	{"a header has a name of letters, *", T_("said.header")},
	{"\"*\" is no name of a header", T_("said.header")},
	{"\"*\" holds a secret, a mapping may not see it", T_("said.header_secret")},
	{"CommerceML begins with *", T_("said.commerce_root")},
	{"* expects *, got *", T_("said.expects")},
	{"* got too many arguments: *", T_("said.too_many")},
	{"counting took too long", T_("said.slow")},
	{"the script used up its *", T_("said.limit")},
	{"no {% end %} for this block", T_("said.no_end")},
	{"this end ends nothing", T_("said.lone_end")},
	{"no }} for this {{", T_("said.no_close")},
	{"put the attribute's value into quotes", T_("said.quotes")},
	{"the template ends inside a tag, *", T_("said.cut")},
	{"nothing is printed into *", T_("said.printed")},
	{"nothing raw is printed *", T_("said.printed")},
	{"expected if, elseif, else, *", T_("said.tag")},
	{"unexpected symbol near *", T_("said.symbol")},
	{"unfinished string near *", T_("said.string")},
	{"malformed number near *", T_("said.number")},
	{"* expected (to close * at line *) near *", T_("said.close")},
	{"* expected near *", T_("said.expected")},
	/* values of fields and what holds for them: "name: ..." */
	{"*: a number is expected, not *", T_("said.value_number")},
	{"*: a date like * is expected, not *", T_("said.value_date")},
	{"*: a time like * is expected, not *", T_("said.value_time")},
	{"*: * is expected, not *", T_("said.value_other")},
	{"*: \"*\" is none of the choices", T_("said.value_choice")},
	{"*: at least *", T_("said.value_least")},
	{"*: at most *", T_("said.value_most")},
	{"*: expected what matches *", T_("said.value_pattern")},
	{"choices are a list of at most * texts", T_("said.choices_many")},
	{"a choice has 1 to * bytes", T_("said.choice_long")},
	{"this is not * that names a person", T_("said.no_ident")},
	{"its identifiers name nobody", T_("said.names_nobody")},
	{"\"*\" is there twice", T_("said.choice_twice")},
	{"only numbers and dates have a least and a most", T_("said.option_bounds")},
	{"only texts have a pattern", T_("said.option_pattern")},
	{"only choices have choices", T_("said.option_choices")},
	{"what is calculated is a number, *", T_("said.option_formula")},
	{"the most is less than the least", T_("said.option_order")},
};

/* Matches shape with said; what the stars stand for goes to captures, the last star takes all that is left. */
static bool
matches(const char *shape, struct text said, struct text *captures)
{
	size_t at = 0, n = 0;
	for (const char *p = shape; *p != '\0';) {
		if (*p != '*') {
			if (at == said.n || said.at[at] != *p)
				return false;
			at++;
			p++;
			continue;
		}
		size_t fixed = strcspn(++p, "*");
		size_t end = said.n;
		if (fixed > 0 && p[fixed] == '\0') { /* the end of the shape */
			if (said.n - at < fixed ||
				memcmp(said.at + said.n - fixed, p, fixed) != 0)
				return false;
			end = said.n - fixed;
		} else if (fixed > 0) {
			const char *found = memmem(said.at + at, said.n - at, p, fixed);
			if (found == NULL)
				return false;
			end = (size_t)(found - said.at);
		}
		if (n < CAPTURES)
			captures[n++] = (struct text){said.at + at, end - at};
		at = end;
	}
	return at == said.n;
}

/* "letter, line 3: …": the line is shown beside, the name is the page's. */
static struct text
without_place(struct text said)
{
	const char *line = memmem(said.at, said.n, ", line ", 7);
	if (line == NULL)
		return said;
	const char *colon = memchr(line, ':', said.n - (size_t)(line - said.at));
	if (colon == NULL || colon + 2 > said.at + said.n)
		return said;
	return (struct text){colon + 2, said.n - (size_t)(colon + 2 - said.at)};
}

struct text
sentence_in(struct web *w, struct text said)
{
	static const char *const names[CAPTURES] = {"a", "b", "c", "d"};
	struct text captures[CAPTURES] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
	struct text bare = without_place(said);
	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
		if (!matches(sentences[i].shape, bare, captures))
			continue;
		struct val args = val_map(w->arena);
		if (strcmp(sentences[i].shape, "event *: *") == 0 ||
			strcmp(sentences[i].shape, "column \"*\": *") == 0)
			captures[1] = sentence_in(w, captures[1]);
		for (size_t k = 0; k < CAPTURES; k++)
			val_put(w->arena, &args, names[k], val_of(captures[k]));
		return page_say(w, sentences[i].key, &args);
	}
	return bare;
}

void
sentence_say(struct web *w, struct val *map, const char *key)
{
	struct text said = val_as_text(val_get(map, key));
	if (said.n > 0)
		val_put(w->arena, map, key, val_of(sentence_in(w, said)));
}
