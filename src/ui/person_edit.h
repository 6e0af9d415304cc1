/* Changing a client by hand: fields, consents, notes. Field changes go the one way all changes go, with who made them. */
#ifndef UI_PERSON_EDIT_H
#define UI_PERSON_EDIT_H

#include "base/val.h"
#include "web/web.h"

struct err;

/* vars.groups: list of {name, fields: [{name, label, type, typed, options, bad}]}: all fields that can be changed, as they are typed;
 * typed what was typed last (form fields f.NAME) where vars.wrong is set. vars.calculated: those nobody sets, {label, value, options}. */
int person_put_form(struct web *w, const struct val *card, struct val *vars, struct err *e);

int person_fields(struct web *w, struct err *e);    /* POST /clients/{id}/fields */
int person_consent(struct web *w, struct err *e);   /* POST /clients/{id}/consent */
int person_note(struct web *w, struct err *e);	    /* POST /clients/{id}/notes */
int person_note_drop(struct web *w, struct err *e); /* POST /clients/{id}/notes/{note} */

#endif
