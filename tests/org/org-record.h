/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "org-data.h"

G_BEGIN_DECLS

typedef enum
{
  ORG_CELL_NULL,
  ORG_CELL_TEXT,
  ORG_CELL_NUMBER,
  ORG_CELL_FLAG,
} OrgCellKind;

/**
 * OrgCell:
 * @field: where it goes
 * @kind: what the client sent; after the check what is stored
 * @text: (owned) (nullable): the value as text
 * @parent_key: (nullable): the external id field of the parent that @text is a value of, for a reference
 *
 * A value that a client wants to store.
 */
typedef struct
{
  const OrgField *field;
  OrgCellKind     kind;
  char           *text;
  const OrgField *parent_key;
} OrgCell;

/**
 * OrgWriteError:
 * @code: such as `REQUIRED_FIELD_MISSING`
 * @message: what people read
 * @fields: (nullable): which fields it is about
 *
 * Why a record is not written.
 */
typedef struct
{
  const char *code;
  char       *message;
  char      **fields;
} OrgWriteError;

/**
 * OrgRecord:
 * @object: of what it is one
 * @cells: (element-type OrgCell): what a client wants to store
 * @errors: (element-type OrgWriteError): what is wrong with it
 * @admin: whether field-level security hides nothing from the client
 *
 * A record on its way in.
 */
typedef struct
{
  const OrgObject *object;
  GPtrArray       *cells;
  GPtrArray       *errors;
  gboolean         admin;
} OrgRecord;

OrgRecord *org_record_new        (const OrgObject *object,
                                  gboolean         admin);
void       org_record_free       (OrgRecord       *self);
void       org_record_set        (OrgRecord       *self,
                                  const char      *path,
                                  OrgCellKind      kind,
                                  const char      *text);
void       org_record_set_json   (OrgRecord       *self,
                                  JsonObject      *json,
                                  const char      *ignored);
OrgCell   *org_record_find       (OrgRecord       *self,
                                  const char      *field);
GPtrArray *org_write_errors_new  (void);
void       org_write_errors_add  (GPtrArray       *errors,
                                  const char      *code,
                                  const char      *field,
                                  const char      *format,
                                  ...) G_GNUC_PRINTF (4, 5);
void       org_write_errors_append_json (GPtrArray  *errors,
                                         const char *code_name,
                                         GString    *json);
char      *org_write_errors_dup_text    (GPtrArray  *errors);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgRecord, org_record_free)

G_END_DECLS
