/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-write-plan.h"

#include <glib/gi18n.h>

#include "sluice-error.h"
#include "sluice-write-permit-private.h"

struct _SluiceWritePlan
{
  GObject parent_instance;

  char *subscription_name;
  char *organization_id;
  char *organization_name; /* (nullable) */
  SluiceEnvironment environment;
  SluiceWriteVerb verb;
  char *object;
  guint64 records;
  GStrv columns;
  GPtrArray *samples; /* (element-type GStrv) */
  gboolean confirmed;
};

G_DEFINE_FINAL_TYPE (SluiceWritePlan, sluice_write_plan, G_TYPE_OBJECT)

static void
sluice_write_plan_finalize (GObject *object)
{
  SluiceWritePlan *self = SLUICE_WRITE_PLAN (object);

  g_free (self->subscription_name);
  g_free (self->organization_id);
  g_free (self->organization_name);
  g_free (self->object);
  g_strfreev (self->columns);
  g_ptr_array_unref (self->samples);

  G_OBJECT_CLASS (sluice_write_plan_parent_class)->finalize (object);
}

static void
sluice_write_plan_class_init (SluiceWritePlanClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_write_plan_finalize;
}

static void
sluice_write_plan_init (SluiceWritePlan *self)
{
  self->columns = g_new0 (char *, 1);
  self->samples = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
}

/**
 * sluice_write_plan_new:
 * @subscription: whose org is written to
 * @verb: what is done
 * @object: the API name of the object
 * @records: to how many records
 * @error: %SLUICE_ERROR_INVALID when the org was not verified in this session, or there is nothing to do
 *
 * Describes what is about to be written, to the org that @subscription is
 * connected to now.
 *
 * Returns: (transfer full) (nullable): a plan without columns and samples
 */
SluiceWritePlan *
sluice_write_plan_new (SluiceSubscription  *subscription,
                       SluiceWriteVerb      verb,
                       const char          *object,
                       guint64              records,
                       GError             **error)
{
  SluiceOrganization *organization;
  SluiceWritePlan *self;

  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (subscription), NULL);
  g_return_val_if_fail (object != NULL && *object != '\0', NULL);

  organization = sluice_subscription_get_organization (subscription);
  if (organization == NULL)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("The org is not verified yet. Refresh the connection first."));
      return NULL;
    }

  if (records == 0)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("There are no records to write."));
      return NULL;
    }

  self = g_object_new (SLUICE_TYPE_WRITE_PLAN, NULL);
  self->subscription_name = g_strdup (sluice_subscription_get_name (subscription));
  self->organization_id = g_strdup (sluice_organization_get_id (organization));
  self->organization_name = g_strdup (sluice_organization_get_name (organization));
  self->environment = sluice_organization_get_environment (organization);
  self->verb = verb;
  self->object = g_strdup (object);
  self->records = records;

  return self;
}

/**
 * sluice_write_plan_set_columns:
 * @self: a plan
 * @columns: (array zero-terminated=1): the fields that are written
 *
 * Names the values of the samples.
 */
void
sluice_write_plan_set_columns (SluiceWritePlan    *self,
                               const char * const *columns)
{
  g_return_if_fail (SLUICE_IS_WRITE_PLAN (self));
  g_return_if_fail (columns != NULL);

  g_strfreev (self->columns);
  self->columns = g_strdupv ((char **) columns);
}

/**
 * sluice_write_plan_add_sample:
 * @self: a plan
 * @values: (array zero-terminated=1): one row, in the order of the columns
 *
 * Adds a row that is shown; of more than three the first are kept.
 */
void
sluice_write_plan_add_sample (SluiceWritePlan    *self,
                              const char * const *values)
{
  g_return_if_fail (SLUICE_IS_WRITE_PLAN (self));
  g_return_if_fail (values != NULL);

  if (self->samples->len < SLUICE_WRITE_PLAN_SAMPLES)
    g_ptr_array_add (self->samples, g_strdupv ((char **) values));
}

/**
 * sluice_write_plan_get_organization_id:
 * @self: a plan
 *
 * Returns: the id of the org
 */
const char *
sluice_write_plan_get_organization_id (SluiceWritePlan *self)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PLAN (self), NULL);

  return self->organization_id;
}

/**
 * sluice_write_plan_get_organization_name:
 * @self: a plan
 *
 * Returns: (nullable): the name of the org
 */
const char *
sluice_write_plan_get_organization_name (SluiceWritePlan *self)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PLAN (self), NULL);

  return self->organization_name;
}

/**
 * sluice_write_plan_get_environment:
 * @self: a plan
 *
 * Returns: what kind of org it is
 */
SluiceEnvironment
sluice_write_plan_get_environment (SluiceWritePlan *self)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PLAN (self), SLUICE_ENVIRONMENT_UNKNOWN);

  return self->environment;
}

/**
 * sluice_write_plan_get_verb:
 * @self: a plan
 *
 * Returns: what is done
 */
SluiceWriteVerb
sluice_write_plan_get_verb (SluiceWritePlan *self)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PLAN (self), SLUICE_WRITE_INSERT);

  return self->verb;
}

/**
 * sluice_write_plan_get_object:
 * @self: a plan
 *
 * Returns: the API name of the object
 */
const char *
sluice_write_plan_get_object (SluiceWritePlan *self)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PLAN (self), NULL);

  return self->object;
}

/**
 * sluice_write_plan_get_records:
 * @self: a plan
 *
 * Returns: how many records are written at most
 */
guint64
sluice_write_plan_get_records (SluiceWritePlan *self)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PLAN (self), 0);

  return self->records;
}

/**
 * sluice_write_plan_get_columns:
 * @self: a plan
 *
 * Returns: (array zero-terminated=1): the fields that are written
 */
const char * const *
sluice_write_plan_get_columns (SluiceWritePlan *self)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PLAN (self), NULL);

  return (const char * const *) self->columns;
}

/**
 * sluice_write_plan_get_n_samples:
 * @self: a plan
 *
 * Returns: how many rows are shown
 */
guint
sluice_write_plan_get_n_samples (SluiceWritePlan *self)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PLAN (self), 0);

  return self->samples->len;
}

/**
 * sluice_write_plan_get_sample:
 * @self: a plan
 * @i: which row, less than their number
 *
 * Returns: (array zero-terminated=1): its values, in the order of the columns
 */
const char * const *
sluice_write_plan_get_sample (SluiceWritePlan *self,
                              guint            i)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PLAN (self), NULL);
  g_return_val_if_fail (i < self->samples->len, NULL);

  return g_ptr_array_index (self->samples, i);
}

/**
 * sluice_write_plan_dup_question:
 * @self: a plan
 *
 * Returns: (transfer full): what the user answers, such as "Delete 12 records of Account?", translated
 */
char *
sluice_write_plan_dup_question (SluiceWritePlan *self)
{
  g_autofree char *number = NULL;
  gulong n;

  g_return_val_if_fail (SLUICE_IS_WRITE_PLAN (self), NULL);

  number = g_strdup_printf ("%'" G_GUINT64_FORMAT, self->records);
  n = (gulong) MIN (self->records, G_MAXINT);

  switch (self->verb)
    {
    case SLUICE_WRITE_UPDATE:
      /* Translators: a number, and the API name of an object */
      return g_strdup_printf (ngettext ("Change %s record of %s?", "Change %s records of %s?", n), number, self->object);

    case SLUICE_WRITE_UPSERT:
      /* Translators: a number, and the API name of an object */
      return g_strdup_printf (ngettext ("Change or create %s record of %s?", "Change or create %s records of %s?", n),
                              number, self->object);

    case SLUICE_WRITE_DELETE:
      /* Translators: a number, and the API name of an object */
      return g_strdup_printf (ngettext ("Delete %s record of %s?", "Delete %s records of %s?", n), number, self->object);

    case SLUICE_WRITE_HARD_DELETE:
      /* Translators: a number, and the API name of an object */
      return g_strdup_printf (ngettext ("Delete %s record of %s for good?", "Delete %s records of %s for good?", n),
                              number, self->object);

    case SLUICE_WRITE_INSERT:
    default:
      /* Translators: a number, and the API name of an object */
      return g_strdup_printf (ngettext ("Create %s record of %s?", "Create %s records of %s?", n), number, self->object);
    }
}

/**
 * sluice_write_plan_dup_destination:
 * @self: a plan
 *
 * Returns: (transfer full): where to, such as "Production: Northwind Traders (00D…), subscription “Sales”", translated
 */
char *
sluice_write_plan_dup_destination (SluiceWritePlan *self)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PLAN (self), NULL);

  /* Translators: the kind of org, its name, its id, and the name of the subscription */
  return g_strdup_printf (_("%s: %s (%s), subscription “%s”"), sluice_environment_get_label (self->environment),
                          self->organization_name != NULL ? self->organization_name : "", self->organization_id,
                          self->subscription_name != NULL ? self->subscription_name : "");
}

/**
 * sluice_write_plan_get_needs_name:
 * @self: a plan
 *
 * On production, a delete is confirmed by typing the object's name; so is a
 * delete for good anywhere. An org of unknown kind counts as production.
 *
 * Returns: whether the object's name has to be typed
 */
gboolean
sluice_write_plan_get_needs_name (SluiceWritePlan *self)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PLAN (self), TRUE);

  if (self->verb == SLUICE_WRITE_HARD_DELETE)
    return TRUE;

  return self->verb == SLUICE_WRITE_DELETE &&
         (self->environment == SLUICE_ENVIRONMENT_PRODUCTION || self->environment == SLUICE_ENVIRONMENT_UNKNOWN);
}

/**
 * sluice_write_plan_accepts:
 * @self: a plan
 * @typed: (nullable): what the user typed
 *
 * Returns: whether that suffices to confirm
 */
gboolean
sluice_write_plan_accepts (SluiceWritePlan *self,
                           const char      *typed)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PLAN (self), FALSE);

  return !sluice_write_plan_get_needs_name (self) || g_strcmp0 (typed, self->object) == 0;
}

/**
 * sluice_write_plan_confirm:
 * @self: a plan that the user has seen and agreed to
 * @typed: (nullable): what the user typed
 * @error: %SLUICE_ERROR_INVALID when the name is missing or wrong, or the plan was confirmed before
 *
 * Turns the user's consent into a permit, once.
 *
 * Returns: (transfer full) (nullable): the permit
 */
SluiceWritePermit *
sluice_write_plan_confirm (SluiceWritePlan  *self,
                           const char       *typed,
                           GError          **error)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PLAN (self), NULL);

  if (self->confirmed)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("This confirmation was for one run, which is over. Confirm again to write more records."));
      return NULL;
    }

  if (!sluice_write_plan_accepts (self, typed))
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   /* Translators: the API name of an object */
                   _("Deleting needs the name of the object, “%s”, typed as it is written here."), self->object);
      return NULL;
    }

  self->confirmed = TRUE;

  return sluice_write_permit_new (self->organization_id, self->object, self->verb, self->records);
}
