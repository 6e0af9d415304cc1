/* Inside of the template engine: what the scanner makes and the renderer runs. */
#ifndef SCRIPT_TEMPLATE_PARTS_H
#define SCRIPT_TEMPLATE_PARTS_H

#include "script/state.h"
#include "script/template.h"

/* The writers, locals of every compiled template, in this order behind its environment. */
#define TEMPLATE_WRITERS "_w, _h, _u, _q, _c, _j, _r, _i, _e, _k"

struct template
{
	struct template_set *set;
	struct arena *arena;
	const char *name;
	struct text text; /* as written */
	enum template_mode mode;
	const char *layout; /* or NULL */
	struct text code;   /* the Lua it became */
	struct text *fragments;
	size_t fragment_n;
	struct val names;
	int ref, generation; /* the compiled function in the set's box of that generation */
	int64_t changed_us;  /* of the file */
	struct template *next;
};

struct render { /* one rendering, in box->owner's set */
	struct template *current;
	const struct template_view *view;
	const struct val *vars;
	struct str *out;
	size_t most;
	int depth;
};

struct template_set {
	const char *dir;
	const struct settings *settings;
	enum box_use use;
	bool watch;
	struct arena *arena;
	struct box *box;
	int generation;
	struct template *files, *letters;
	struct given_word *given;
	struct render *render;
	struct err compile; /* why an included template does not compile */
};

/* template_scan.c: text → code, fragments, names, layout. Uses L only to try expressions. 0 / -1 *e with line. */
int template_scan(struct template *t, lua_State *L, struct err *e);

/* template_html.c: where in HTML the scanner stands. */
enum html_state {
	HTML_TEXT,
	HTML_TAG_NAME,
	HTML_TAG, /* between attributes */
	HTML_ATTR_NAME,
	HTML_ATTR_AFTER, /* behind the name, before = */
	HTML_ATTR_EQUALS,
	HTML_VALUE_DOUBLE,
	HTML_VALUE_SINGLE,
	HTML_VALUE_BARE,
	HTML_COMMENT,
	HTML_MARKUP /* <!doctype, <? */
};

enum html_attr { HTML_ATTR_PLAIN, HTML_ATTR_URL, HTML_ATTR_EVENT, HTML_ATTR_STYLE };

struct html {
	enum html_state state;
	char element[16], attr[24]; /* lower case, cut */
	bool is_end;		    /* </element */
	bool script_json;	    /* this <script> has a JSON type */
	bool raw;		    /* the content of script or style, until its end tag */
	enum html_attr kind;
	char value[24];	   /* the literal start of the attribute's value */
	bool has_variable; /* an expression stood in this value */
	bool fixed;	   /* a URL whose scheme is decided: "/", "?" or "#" was seen */
};

/* Goes through literal text. 0 / -1 *e (a literal javascript: URL before an expression is not refused here). */
void html_advance(struct html *h, struct text literal);

/* The writer for an expression here, "_h" and so on; NULL with *why when none may stand here. "_j" wants json(v). */
const char *html_writer(struct html *h, bool raw, const char **why);

/* Two branches meet: h becomes what holds for both; false when they stand in different places. */
bool html_join(struct html *h, const struct html *other);

/* template_words.c: pushes the writers in the order of TEMPLATE_WRITERS; the functions into the table on top. */
void l_template_writers(lua_State *L);
void l_template_words(lua_State *L);
/* template.c: finds and compiles; raises on failure */
struct template *l_template_find(lua_State *L, const char *name);
/* [-1, +0, e]  runs t with the environment on top */
void l_template_run(lua_State *L, struct template *t);

#endif
