/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-id.h"

#include <string.h>

#define CASE_SENSITIVE_LENGTH 15
#define PREFIX_LENGTH 3
#define POD_LENGTH 2

static const char checksum_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static void
append_checksum (char *id)
{
  for (guint group = 0; group < 3; group++)
    {
      guint bits = 0;

      for (guint k = 0; k < 5; k++)
        {
          if (g_ascii_isupper (id[group * 5 + k]))
            bits |= 1u << k;
        }

      id[CASE_SENSITIVE_LENGTH + group] = checksum_alphabet[bits];
    }

  id[ORG_ID_LENGTH] = '\0';
}

/**
 * org_id_make:
 * @id: (out caller-allocates): room for %ORG_ID_SIZE bytes
 * @prefix: the three characters of the object, such as `001`
 * @pod: two characters that tell one org's ids from another's
 * @serial: the number of the record, counted from one
 *
 * Writes the 18-character id of a record.
 *
 * Ids of one object sort like their serial numbers, which paging by id and
 * the generated tables rely on.
 */
void
org_id_make (char       *id,
             const char *prefix,
             const char *pod,
             guint64     serial)
{
  memcpy (id, prefix, PREFIX_LENGTH);
  memcpy (id + PREFIX_LENGTH, pod, POD_LENGTH);

  for (int i = CASE_SENSITIVE_LENGTH - 1; i >= PREFIX_LENGTH + POD_LENGTH; i--)
    {
      id[i] = digits[serial % 62];
      serial /= 62;
    }

  append_checksum (id);
}

/**
 * org_id_normalize:
 * @text: what a client sent
 * @id: (out caller-allocates): room for %ORG_ID_SIZE bytes
 *
 * Turns a 15- or 18-character id into the 18-character form.
 *
 * Returns: %FALSE if @text is no id or its checksum is wrong
 */
gboolean
org_id_normalize (const char *text,
                  char       *id)
{
  size_t length = strlen (text);

  if (length != CASE_SENSITIVE_LENGTH && length != ORG_ID_LENGTH)
    return FALSE;

  for (size_t i = 0; i < length; i++)
    {
      if (!g_ascii_isalnum (text[i]))
        return FALSE;
    }

  memcpy (id, text, CASE_SENSITIVE_LENGTH);
  append_checksum (id);

  return length == CASE_SENSITIVE_LENGTH || strcmp (text, id) == 0;
}

/**
 * org_id_serial:
 * @id: an id made by org_id_make()
 * @serial: (out): the number it was made from
 *
 * Reads the serial number back from an id.
 *
 * Returns: %FALSE if @id is too short or holds other characters
 */
gboolean
org_id_serial (const char *id,
               guint64    *serial)
{
  *serial = 0;

  for (guint i = 0; i < CASE_SENSITIVE_LENGTH; i++)
    {
      const char *digit;

      if (id[i] == '\0' || (digit = strchr (digits, id[i])) == NULL)
        return FALSE;

      if (i >= PREFIX_LENGTH + POD_LENGTH)
        *serial = *serial * 62 + (guint64) (digit - digits);
    }

  return TRUE;
}
