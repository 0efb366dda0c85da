/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#define G_LOG_DOMAIN "sluice-sign-in"

#include "sluice-sign-in.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-host.h"
#include "sluice-loopback.h"
#include "sluice-oauth.h"
#include "sluice-problem.h"
#include "sluice-session.h"
#include "sluice-token-endpoint.h"

#define WAIT_SECONDS 600
#define MAX_ADDRESS 16384

struct _SluiceSignIn
{
  GObject parent_instance;

  /* Given */
  char *api_url;
  char *consumer_key;
  char *consumer_secret; /* (nullable), a secret */
  GStrv scopes;
  char *callback_path;
  SluiceClock *clock;
  gboolean force_login;
  SluiceSignInWith with;
  GArray *ports; /* of guint16 */

  /* While it runs */
  GTask *task; /* (nullable) (owned) */
  SoupSession *session;
  SluiceLoopback *loopback;
  GSource *ticks;
  GSource *cancelled;
  GCancellable *stop; /* ends what is under way, for whatever reason */
  char *verifier; /* a secret */
  char *nonce; /* the `state` that was sent, a secret */
  gint64 deadline; /* monotonic */
  guint seconds_left;

  /* What others see */
  SluiceSignInState state;
  char *url; /* (nullable) */
  char *redirect_uri; /* (nullable) */
};

enum
{
  PROP_0,
  PROP_API_URL,
  PROP_CONSUMER_KEY,
  PROP_CONSUMER_SECRET,
  PROP_SCOPES,
  PROP_CALLBACK_PATH,
  PROP_CLOCK,
  PROP_FORCE_LOGIN,
  PROP_WITH,
  PROP_STATE,
  PROP_URL,
  PROP_REDIRECT_URI,
  PROP_SECONDS_LEFT,
  N_PROPS
};

enum
{
  OPEN_URI,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_ENUM_TYPE (SluiceSignInState, sluice_sign_in_state,
  G_DEFINE_ENUM_VALUE (SLUICE_SIGN_IN_IDLE, "idle"),
  G_DEFINE_ENUM_VALUE (SLUICE_SIGN_IN_WAITING, "waiting"),
  G_DEFINE_ENUM_VALUE (SLUICE_SIGN_IN_EXCHANGING, "exchanging"),
  G_DEFINE_ENUM_VALUE (SLUICE_SIGN_IN_DONE, "done"),
  G_DEFINE_ENUM_VALUE (SLUICE_SIGN_IN_FAILED, "failed"))

G_DEFINE_FINAL_TYPE (SluiceSignIn, sluice_sign_in, G_TYPE_OBJECT)

static void
set_state (SluiceSignIn      *self,
           SluiceSignInState  state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
set_url (SluiceSignIn *self,
         const char   *url)
{
  if (g_set_str (&self->url, url))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_URL]);
}

static void
set_seconds_left (SluiceSignIn *self,
                  guint         seconds_left)
{
  if (self->seconds_left == seconds_left)
    return;

  self->seconds_left = seconds_left;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SECONDS_LEFT]);
}

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* The one end of every sign-in: nothing listens, waits or is remembered after it. */
static void
finish (SluiceSignIn      *self,
        SluiceCredentials *credentials,
        GError            *error)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->task);

  if (task == NULL)
    {
      sluice_credentials_free (credentials);
      g_clear_error (&error);
      return;
    }

  if (self->loopback != NULL)
    sluice_loopback_close (self->loopback);
  g_clear_object (&self->loopback);
  clear_source (&self->ticks);
  clear_source (&self->cancelled);
  g_cancellable_cancel (self->stop);
  g_clear_object (&self->stop);
  g_clear_object (&self->session);
  g_clear_pointer (&self->verifier, sluice_secret_free);
  g_clear_pointer (&self->nonce, sluice_secret_free);

  set_url (self, NULL);
  set_seconds_left (self, 0);
  set_state (self, credentials != NULL ? SLUICE_SIGN_IN_DONE : SLUICE_SIGN_IN_FAILED);

  if (credentials != NULL)
    g_task_return_pointer (task, credentials, (GDestroyNotify) sluice_credentials_free);
  else
    g_task_return_error (task, error);
}

static GError *
new_cancelled (void)
{
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The sign-in was cancelled");
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr(SluiceSignIn) self = g_object_ref (user_data);

  finish (self, NULL, new_cancelled ());

  return G_SOURCE_REMOVE;
}

/* Time */

static void
update_time (SluiceSignIn *self)
{
  gint64 left = self->deadline - sluice_clock_get_monotonic (self->clock);
  gint64 seconds = (left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;

  set_seconds_left (self, (guint) MAX (seconds, 0));

  if (left > 0)
    sluice_clock_set_ready_time (self->clock, self->ticks, self->deadline - (seconds - 1) * G_USEC_PER_SEC);
}

static gboolean
tick_cb (gpointer user_data)
{
  g_autoptr(SluiceSignIn) self = g_object_ref (user_data);

  update_time (self);

  if (self->seconds_left == 0)
    finish (self, NULL, sluice_error_new_server (SLUICE_ERROR_SIGN_IN, SLUICE_PROBLEM_SIGN_IN_TIMEOUT, NULL, 0, NULL,
                                                 _("Nobody finished the sign-in in the browser in time.")));

  return G_SOURCE_CONTINUE;
}

static void
start_time (SluiceSignIn *self)
{
  self->ticks = sluice_clock_create_source (self->clock);
  g_source_set_callback (self->ticks, tick_cb, self, NULL);
  g_source_attach (self->ticks, g_main_context_get_thread_default ());

  self->deadline = sluice_clock_get_monotonic (self->clock) + WAIT_SECONDS * G_USEC_PER_SEC;
  update_time (self);
}

/* The exchange */

/* Only an org on this computer may answer that its tokens belong to this computer. */
static SluiceCredentials *
check_place (SluiceSignIn       *self,
             SluiceCredentials  *credentials,
             GError            **error)
{
  if (credentials == NULL || sluice_host_is_loopback (self->api_url) ||
      !sluice_host_is_loopback (credentials->instance_url))
    return credentials;

  sluice_credentials_free (credentials);
  g_propagate_error (error, sluice_error_new_server (SLUICE_ERROR_PROTOCOL, SLUICE_PROBLEM_UNTRUSTED_HOST, NULL, 0,
                                                     NULL, _("The answer names a server that does not belong to "
                                                             "Salesforce. The tokens were not kept.")));
  return NULL;
}

static void
exchanged_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(SluiceSignIn) self = user_data;
  g_autoptr(SluiceCredentials) given = sluice_credentials_new ();
  SluiceCredentials *credentials = NULL;
  g_autofree char *content_type = NULL;
  g_autoptr(GBytes) body = NULL;
  GError *error = NULL;
  guint http_status;

  body = sluice_token_endpoint_post_finish (result, &http_status, &content_type, &error);
  if (body != NULL)
    {
      sluice_secret_set (&given->consumer_secret, self->consumer_secret);
      credentials = sluice_oauth_parse_token_reply (http_status, content_type, body, given, &error);
      credentials = check_place (self, credentials, &error);
    }

  finish (self, credentials, error);
}

static void
exchange (SluiceSignIn *self,
          const char   *code)
{
  g_autoptr(GBytes) form = NULL;

  form = sluice_oauth_build_code_form (code, self->verifier, self->redirect_uri, self->consumer_key,
                                       self->consumer_secret);
  clear_source (&self->ticks);
  set_seconds_left (self, 0);
  set_state (self, SLUICE_SIGN_IN_EXCHANGING);

  /* Whoever watches the state may have ended it. */
  if (self->task == NULL)
    return;

  sluice_token_endpoint_post_async (self->session, self->api_url, SLUICE_OAUTH_TOKEN_PATH, form, self->stop,
                                    exchanged_cb, g_object_ref (self));
}

/* Takes both. */
static void
take_answer (SluiceSignIn *self,
             char         *code,
             GError       *error)
{
  if (self->state != SLUICE_SIGN_IN_WAITING || code == NULL)
    finish (self, NULL, error != NULL ? error : new_cancelled ());
  else
    exchange (self, code);

  sluice_secret_free (code);
}

static void
answered_cb (char     *code,
             GError   *error,
             gpointer  user_data)
{
  g_autoptr(SluiceSignIn) self = g_object_ref (user_data);

  take_answer (self, code, error);
}

/* The start */

static void
listening_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(SluiceSignIn) self = user_data;
  g_autofree char *challenge = NULL;
  g_autofree char *url = NULL;
  GError *error = NULL;

  if (!sluice_loopback_listen_finish (SLUICE_LOOPBACK (object), result, &error))
    {
      finish (self, NULL, error);
      return;
    }

  /* Cancelled meanwhile. */
  if (self->task == NULL)
    return;

  g_set_str (&self->redirect_uri, sluice_loopback_get_redirect_uri (self->loopback));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REDIRECT_URI]);

  challenge = sluice_oauth_make_challenge (self->verifier);
  url = sluice_oauth_build_authorize_url (self->api_url, self->consumer_key, self->redirect_uri,
                                          (const char * const *) self->scopes, self->nonce, challenge,
                                          self->force_login ? "login" : NULL);
  start_time (self);
  set_url (self, url);
  set_state (self, SLUICE_SIGN_IN_WAITING);

  if (self->task != NULL)
    g_signal_emit (self, signals[OPEN_URI], 0, url);
}

static GError *
check_input (SluiceSignIn *self)
{
  if (self->api_url == NULL || !sluice_host_is_trusted (self->api_url))
    return sluice_error_new_server (SLUICE_ERROR_INVALID, SLUICE_PROBLEM_UNTRUSTED_HOST, NULL, 0, NULL,
                                    _("The API URL is not an address of Salesforce. Correct it in the settings."));

  if (self->consumer_key == NULL || *self->consumer_key == '\0')
    return g_error_new_literal (SLUICE_ERROR, SLUICE_ERROR_INVALID,
                                _("There is no consumer key. Enter the one of the app in Salesforce in the settings."));

  return NULL;
}

static gboolean
make_secrets (SluiceSignIn  *self,
              GError       **error)
{
  self->verifier = sluice_oauth_make_secret (error);
  if (self->verifier == NULL)
    return FALSE;

  self->nonce = sluice_oauth_make_secret (error);

  return self->nonce != NULL;
}

static void
watch_cancellable (SluiceSignIn *self,
                   GCancellable *cancellable)
{
  if (cancellable == NULL)
    return;

  self->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancelled, G_SOURCE_FUNC (cancelled_cb), self, NULL);
  g_source_attach (self->cancelled, g_main_context_get_thread_default ());
}

/* Reported addresses */

/* Addresses are copied with blanks around them, in quotes, or without the scheme. */
static GUri *
parse_address (const char *address)
{
  g_autofree char *trimmed = NULL;
  g_autofree char *full = NULL;
  char *start;

  if (strnlen (address, MAX_ADDRESS + 1) > MAX_ADDRESS || !g_utf8_validate (address, -1, NULL))
    return NULL;

  trimmed = g_strdup (address);
  start = g_strstrip (trimmed);
  g_strdelimit (start, "\"<>", ' ');
  start = g_strstrip (start);

  if (strstr (start, "://") == NULL || strstr (start, "://") > start + strlen ("https"))
    full = g_strconcat (g_str_has_prefix (start, "localhost:") ? "http://" : "https://", start, NULL);
  else
    full = g_strdup (start);

  return g_uri_parse (full, G_URI_FLAGS_ENCODED_QUERY | G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_SCHEME_NORMALIZE, NULL);
}

static gboolean
is_callback (SluiceSignIn *self,
             GUri         *uri)
{
  static const char * const names[] = { "localhost", "127.0.0.1", "::1", NULL };

  return g_ascii_strcasecmp (g_uri_get_scheme (uri), "http") == 0
      && g_uri_get_host (uri) != NULL
      && g_strv_contains (names, g_uri_get_host (uri))
      && g_uri_get_port (uri) == sluice_loopback_get_port (self->loopback)
      && g_str_equal (g_uri_get_path (uri), self->callback_path);
}

static gboolean
is_salesforce (GUri *uri)
{
  g_autofree char *origin = NULL;

  if (g_uri_get_host (uri) == NULL || g_uri_get_userinfo (uri) != NULL)
    return FALSE;

  origin = g_uri_join (G_URI_FLAGS_NONE, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri), g_uri_get_port (uri),
                       "", NULL, NULL);

  return sluice_host_is_trusted (origin);
}

/* Some copy the words of the page instead of its address: “OAUTH_APPROVAL_ERROR_GENERIC : An unexpected error …” */
static GError *
read_page_text (const char *text)
{
  const char *code = strstr (text, "OAUTH_");
  g_autofree char *copy = NULL;

  if (code == NULL || strstr (text, "://") != NULL)
    return NULL;

  copy = g_strndup (code, strspn (code, G_CSET_A_2_Z "_"));

  return sluice_oauth_error_new (copy, NULL, 0);
}

static gboolean
refuse (GError     **error,
        const char  *message)
{
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, message);

  return FALSE;
}

static gboolean
report_callback (SluiceSignIn  *self,
                 GUri          *uri,
                 GError       **error)
{
  GError *told = NULL;
  char *code;

  if (!sluice_oauth_check_state (g_uri_get_query (uri), self->nonce, error))
    return FALSE;

  code = sluice_oauth_read_redirect (g_uri_get_query (uri), self->nonce, &told);
  take_answer (self, code, told);

  return TRUE;
}

static void
sluice_sign_in_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  SluiceSignIn *self = SLUICE_SIGN_IN (object);

  switch (prop_id)
    {
    case PROP_API_URL:
      g_value_set_string (value, self->api_url);
      break;

    case PROP_CONSUMER_KEY:
      g_value_set_string (value, self->consumer_key);
      break;

    case PROP_SCOPES:
      g_value_set_boxed (value, self->scopes);
      break;

    case PROP_CALLBACK_PATH:
      g_value_set_string (value, self->callback_path);
      break;

    case PROP_CLOCK:
      g_value_set_object (value, self->clock);
      break;

    case PROP_FORCE_LOGIN:
      g_value_set_boolean (value, self->force_login);
      break;

    case PROP_WITH:
      g_value_set_enum (value, self->with);
      break;

    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case PROP_URL:
      g_value_set_string (value, self->url);
      break;

    case PROP_REDIRECT_URI:
      g_value_set_string (value, self->redirect_uri);
      break;

    case PROP_SECONDS_LEFT:
      g_value_set_uint (value, self->seconds_left);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_sign_in_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  SluiceSignIn *self = SLUICE_SIGN_IN (object);

  switch (prop_id)
    {
    case PROP_API_URL:
      self->api_url = g_value_dup_string (value);
      break;

    case PROP_CONSUMER_KEY:
      self->consumer_key = g_value_dup_string (value);
      break;

    case PROP_CONSUMER_SECRET:
      self->consumer_secret = g_value_dup_string (value);
      break;

    case PROP_SCOPES:
      self->scopes = g_value_dup_boxed (value);
      break;

    case PROP_CALLBACK_PATH:
      self->callback_path = g_value_dup_string (value);
      break;

    case PROP_CLOCK:
      self->clock = g_value_dup_object (value);
      break;

    case PROP_FORCE_LOGIN:
      self->force_login = g_value_get_boolean (value);
      break;

    case PROP_WITH:
      sluice_sign_in_set_with (self, g_value_get_enum (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_sign_in_constructed (GObject *object)
{
  SluiceSignIn *self = SLUICE_SIGN_IN (object);

  G_OBJECT_CLASS (sluice_sign_in_parent_class)->constructed (object);

  if (self->scopes == NULL)
    self->scopes = g_new0 (char *, 1);
  if (self->clock == NULL)
    self->clock = g_object_ref (sluice_clock_get_system ());
}

static void
sluice_sign_in_dispose (GObject *object)
{
  finish (SLUICE_SIGN_IN (object), NULL, new_cancelled ());

  G_OBJECT_CLASS (sluice_sign_in_parent_class)->dispose (object);
}

static void
sluice_sign_in_finalize (GObject *object)
{
  SluiceSignIn *self = SLUICE_SIGN_IN (object);

  g_free (self->api_url);
  g_free (self->consumer_key);
  sluice_secret_free (self->consumer_secret);
  g_strfreev (self->scopes);
  g_free (self->callback_path);
  g_clear_object (&self->clock);
  g_array_unref (self->ports);
  g_free (self->url);
  g_free (self->redirect_uri);

  G_OBJECT_CLASS (sluice_sign_in_parent_class)->finalize (object);
}

static void
sluice_sign_in_class_init (SluiceSignInClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags given = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  const GParamFlags shown = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->constructed = sluice_sign_in_constructed;
  object_class->dispose = sluice_sign_in_dispose;
  object_class->finalize = sluice_sign_in_finalize;
  object_class->get_property = sluice_sign_in_get_property;
  object_class->set_property = sluice_sign_in_set_property;

  properties[PROP_API_URL] = g_param_spec_string ("api-url", NULL, NULL, NULL, given);
  properties[PROP_CONSUMER_KEY] = g_param_spec_string ("consumer-key", NULL, NULL, NULL, given);
  properties[PROP_CONSUMER_SECRET] =
    g_param_spec_string ("consumer-secret", NULL, NULL, NULL,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SCOPES] = g_param_spec_boxed ("scopes", NULL, NULL, G_TYPE_STRV, given);
  properties[PROP_CALLBACK_PATH] = g_param_spec_string ("callback-path", NULL, NULL, "/OauthRedirect", given);
  properties[PROP_CLOCK] = g_param_spec_object ("clock", NULL, NULL, SLUICE_TYPE_CLOCK, given);
  properties[PROP_FORCE_LOGIN] = g_param_spec_boolean ("force-login", NULL, NULL, FALSE, given);
  properties[PROP_WITH] =
    g_param_spec_enum ("with", NULL, NULL, SLUICE_TYPE_SIGN_IN_WITH, SLUICE_SIGN_IN_WITH_DEFAULT_BROWSER,
                       shown | G_PARAM_WRITABLE);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, SLUICE_TYPE_SIGN_IN_STATE, SLUICE_SIGN_IN_IDLE, shown);
  properties[PROP_URL] = g_param_spec_string ("url", NULL, NULL, NULL, shown);
  properties[PROP_REDIRECT_URI] = g_param_spec_string ("redirect-uri", NULL, NULL, NULL, shown);
  properties[PROP_SECONDS_LEFT] = g_param_spec_uint ("seconds-left", NULL, NULL, 0, G_MAXUINT, 0, shown);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[OPEN_URI] = g_signal_new ("open-uri", SLUICE_TYPE_SIGN_IN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
sluice_sign_in_init (SluiceSignIn *self)
{
  self->ports = g_array_new (FALSE, FALSE, sizeof (guint16));
}

/**
 * sluice_sign_in_set_ports:
 * @self: a sign-in that does not run yet
 * @ports: (array length=n_ports): the ports of the registered callback URLs, in the order they are tried
 * @n_ports: how many
 *
 * Says which ports the browser may answer on. A second sign-in that starts
 * while one waits takes the next of them.
 */
void
sluice_sign_in_set_ports (SluiceSignIn  *self,
                          const guint16 *ports,
                          guint          n_ports)
{
  g_return_if_fail (SLUICE_IS_SIGN_IN (self));
  g_return_if_fail (ports != NULL && n_ports > 0);

  g_array_set_size (self->ports, 0);
  g_array_append_vals (self->ports, ports, n_ports);
}

/**
 * sluice_sign_in_get_with:
 * @self: a sign-in
 *
 * Returns: what shows its pages
 */
SluiceSignInWith
sluice_sign_in_get_with (SluiceSignIn *self)
{
  g_return_val_if_fail (SLUICE_IS_SIGN_IN (self), SLUICE_SIGN_IN_WITH_DEFAULT_BROWSER);

  return self->with;
}

/**
 * sluice_sign_in_set_with:
 * @self: a sign-in
 * @with: what shows its pages
 *
 * Says what shows the pages. Showing them is left to whoever watches.
 */
void
sluice_sign_in_set_with (SluiceSignIn     *self,
                         SluiceSignInWith  with)
{
  g_return_if_fail (SLUICE_IS_SIGN_IN (self));
  g_return_if_fail (with < SLUICE_N_SIGN_IN_WITH);

  if (self->with == with)
    return;

  self->with = with;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WITH]);
}

/**
 * sluice_sign_in_get_clock:
 * @self: a sign-in
 *
 * Returns: (transfer none): what it measures time with
 */
SluiceClock *
sluice_sign_in_get_clock (SluiceSignIn *self)
{
  g_return_val_if_fail (SLUICE_IS_SIGN_IN (self), NULL);

  return self->clock;
}

/**
 * sluice_sign_in_run_async:
 * @self: a sign-in that has ports and has not run yet
 * @cancellable: (nullable): ends it at any time
 * @callback: called once, when it ended
 * @user_data: data for @callback
 *
 * Signs in (design section 3, wire reference 1.2 to 1.5): listens on
 * loopback, emits #SluiceSignIn::open-uri, waits for the browser, and
 * exchanges the code. Nothing is stored.
 *
 * It ends by itself after ten minutes of waiting, see
 * sluice_sign_in_extend(). Times are measured, never read from the
 * computer's clock, so that a clock which is wrong by hours does no harm.
 */
void
sluice_sign_in_run_async (SluiceSignIn        *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GError *error;

  g_return_if_fail (SLUICE_IS_SIGN_IN (self));
  g_return_if_fail (self->state == SLUICE_SIGN_IN_IDLE && self->task == NULL);
  g_return_if_fail (self->ports->len > 0);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, sluice_sign_in_run_async);
  g_task_set_check_cancellable (self->task, FALSE);

  error = check_input (self);
  if (error != NULL || !make_secrets (self, &error))
    {
      finish (self, NULL, error);
      return;
    }

  self->stop = g_cancellable_new ();
  self->session = sluice_session_new (1);
  watch_cancellable (self, cancellable);

  self->loopback = sluice_loopback_new (self->callback_path, self->nonce, answered_cb, self);
  sluice_loopback_listen_async (self->loopback, (const guint16 *) (gpointer) self->ports->data, self->ports->len,
                                self->stop, listening_cb, g_object_ref (self));
}

/**
 * sluice_sign_in_run_finish:
 * @self: a sign-in
 * @result: the result that the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): the credentials, with the consumer secret if there
 *   is one; %NULL with %G_IO_ERROR_CANCELLED, or a #SluiceError that
 *   sluice_advice_new_for_error() explains
 */
SluiceCredentials *
sluice_sign_in_run_finish (SluiceSignIn  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * sluice_sign_in_get_state:
 * @self: a sign-in
 *
 * Returns: how far it is
 */
SluiceSignInState
sluice_sign_in_get_state (SluiceSignIn *self)
{
  g_return_val_if_fail (SLUICE_IS_SIGN_IN (self), SLUICE_SIGN_IN_IDLE);

  return self->state;
}

/**
 * sluice_sign_in_get_url:
 * @self: a sign-in
 *
 * Returns: (nullable): the address to open in the browser, while it waits or exchanges
 */
const char *
sluice_sign_in_get_url (SluiceSignIn *self)
{
  g_return_val_if_fail (SLUICE_IS_SIGN_IN (self), NULL);

  return self->url;
}

/**
 * sluice_sign_in_get_redirect_uri:
 * @self: a sign-in
 *
 * Returns: (nullable): where the pages lead to at last, without the query; known once it waits
 */
const char *
sluice_sign_in_get_redirect_uri (SluiceSignIn *self)
{
  g_return_val_if_fail (SLUICE_IS_SIGN_IN (self), NULL);

  return self->redirect_uri;
}

/**
 * sluice_sign_in_get_seconds_left:
 * @self: a sign-in
 *
 * Returns: the seconds until it gives up waiting, 0 when it does not wait
 */
guint
sluice_sign_in_get_seconds_left (SluiceSignIn *self)
{
  g_return_val_if_fail (SLUICE_IS_SIGN_IN (self), 0);

  return self->seconds_left;
}

/**
 * sluice_sign_in_extend:
 * @self: a sign-in
 *
 * Gives a waiting sign-in ten whole minutes again.
 */
void
sluice_sign_in_extend (SluiceSignIn *self)
{
  g_return_if_fail (SLUICE_IS_SIGN_IN (self));

  if (self->state != SLUICE_SIGN_IN_WAITING)
    return;

  self->deadline = sluice_clock_get_monotonic (self->clock) + WAIT_SECONDS * G_USEC_PER_SEC;
  update_time (self);
}

/**
 * sluice_sign_in_cancel:
 * @self: a sign-in
 *
 * Ends it with %G_IO_ERROR_CANCELLED, as the user asked. Does nothing when it has ended.
 */
void
sluice_sign_in_cancel (SluiceSignIn *self)
{
  g_return_if_fail (SLUICE_IS_SIGN_IN (self));

  finish (self, NULL, new_cancelled ());
}

/**
 * sluice_sign_in_report_address:
 * @self: a sign-in that waits
 * @address: what the user copied from the browser's address bar
 * @error: return location for an error
 *
 * Ends the sign-in with what a browser shows that never came back to us: the
 * page on which Salesforce explains an error (wire reference 1.5 B), or the
 * callback URL itself, when the browser could not open it. The latter must
 * carry the `state` of this sign-in, and may complete it. The words of the
 * error page do too, when they hold a code such as `OAUTH_APP_BLOCKED`.
 *
 * Returns: whether the sign-in goes on or ends with it; %FALSE with
 *   %SLUICE_ERROR_INVALID when @address tells nothing, and it goes on waiting
 */
gboolean
sluice_sign_in_report_address (SluiceSignIn  *self,
                               const char    *address,
                               GError       **error)
{
  g_autoptr(GUri) uri = NULL;
  GError *told;

  g_return_val_if_fail (SLUICE_IS_SIGN_IN (self), FALSE);
  g_return_val_if_fail (address != NULL, FALSE);

  if (self->state != SLUICE_SIGN_IN_WAITING)
    return refuse (error, _("No sign-in waits any more. Start again."));

  told = read_page_text (address);
  if (told != NULL)
    {
      finish (self, NULL, told);
      return TRUE;
    }

  uri = parse_address (address);
  if (uri == NULL)
    return refuse (error, _("This is not an address. Copy the whole text of the browser’s address bar."));

  if (is_callback (self, uri))
    return report_callback (self, uri, error);

  if (!is_salesforce (uri))
    return refuse (error, _("This is not an address of Salesforce or of this sign-in."));

  told = sluice_oauth_read_error_query (g_uri_get_query (uri));
  if (told == NULL)
    return refuse (error, _("This address tells of no error. Copy it while the browser shows the error."));

  finish (self, NULL, told);

  return TRUE;
}
