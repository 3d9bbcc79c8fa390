-- One row for each event. Times are the server's.
--
-- `expires_minute` only finds what may be purged. It seldom changes between a claim and its
-- completion, so that most completions touch no index.
CREATE TABLE {schema}.delivery (
  lease_until       timestamptz NOT NULL,
  expires_at        timestamptz NOT NULL,
  first_seen        timestamptz NOT NULL,
  signed_at         int8,
  prior_signed_at   int8,
  attempt           int4 NOT NULL CHECK (attempt > 0),
  expires_minute    int4 NOT NULL,
  state             int2 NOT NULL CHECK (state IN (0, 1, 2)), -- in flight, completed, released
  key               bytea PRIMARY KEY CHECK (octet_length(key) = 32),
  token             bytea NOT NULL CHECK (octet_length(token) = 16),
  fingerprint       bytea CHECK (octet_length(fingerprint) = 16),
  prior_fingerprint bytea CHECK (octet_length(prior_fingerprint) = 16),
  answer            bytea CHECK (state <> 1 OR answer IS NOT NULL)
) WITH (fillfactor = 75, autovacuum_vacuum_scale_factor = 0.02);

CREATE INDEX delivery_expires_minute ON {schema}.delivery (expires_minute);

CREATE FUNCTION {schema}.minute_of(moment timestamptz) RETURNS int4
LANGUAGE sql STABLE
AS $$ SELECT (date_part('epoch', moment) / 60)::int4 $$;

CREATE FUNCTION {schema}.millis_between(earlier timestamptz, later timestamptz) RETURNS int8
LANGUAGE sql IMMUTABLE
AS $$ SELECT ceil(date_part('epoch', later - earlier) * 1000)::int8 $$;

-- 1 claimed, 2 completed before, 3 in flight, 4 not readable.
--
-- Who loses a race cannot see the winner's row in the snapshot that it lost under. Each statement
-- of this function has a snapshot of its own, so it looks again.
--
-- `wait_ms` bounds the waiting for another transaction's lock; 0 leaves it as it is.
CREATE FUNCTION {schema}.claim(
  the_key bytea, the_token bytea, lease_ms int8, retention_ms int8, the_fingerprint bytea,
  the_signed_at int8, wait_ms int4,
  OUT outcome int2, OUT the_attempt int4, OUT seen_ms int8, OUT left_ms int8,
  OUT known_fingerprint bytea, OUT known_signed_at int8, OUT the_answer bytea
) LANGUAGE plpgsql
AS $$
DECLARE
  lease CONSTANT interval := lease_ms * interval '1 millisecond';
  retention CONSTANT interval := retention_ms * interval '1 millisecond';
  moment timestamptz;
  found_row record;
BEGIN
  IF wait_ms > 0 THEN
    PERFORM set_config('lock_timeout', wait_ms::text, true);
  END IF;
  FOR try IN 1..4 LOOP
    moment := clock_timestamp();
    -- Looks first: what is held or completed is then told without writing, not even a lock.
    SELECT d.* FROM {schema}.delivery AS d
    WHERE d.key = the_key AND d.expires_at > moment AND d.state <> 2
      AND (d.state <> 0 OR d.lease_until > moment)
    INTO found_row;
    IF FOUND THEN
      outcome := CASE
        WHEN found_row.state = 1 THEN 2
        WHEN found_row.state <> 0 THEN 4
        WHEN found_row.token = the_token THEN 1
        ELSE 3 END;
      the_attempt := found_row.attempt;
      seen_ms := {schema}.millis_between(found_row.first_seen, moment);
      left_ms := {schema}.millis_between(moment, found_row.lease_until);
      known_fingerprint := found_row.fingerprint;
      known_signed_at := found_row.signed_at;
      the_answer := found_row.answer;
      RETURN;
    END IF;
    INSERT INTO {schema}.delivery AS d
      (key, state, token, attempt, first_seen, lease_until, expires_at, expires_minute,
       fingerprint, signed_at)
    VALUES
      (the_key, 0, the_token, 1, moment, moment + lease, moment + retention,
       {schema}.minute_of(moment + retention), the_fingerprint, the_signed_at)
    ON CONFLICT (key) DO UPDATE SET
      state = 0,
      token = the_token,
      attempt = CASE WHEN d.expires_at > moment THEN least(d.attempt, 2147483646) + 1 ELSE 1 END,
      first_seen = CASE WHEN d.expires_at > moment THEN d.first_seen ELSE moment END,
      prior_fingerprint = CASE WHEN d.expires_at > moment THEN d.fingerprint END,
      prior_signed_at = CASE WHEN d.expires_at > moment THEN d.signed_at END,
      fingerprint = the_fingerprint,
      signed_at = the_signed_at,
      -- It may have waited for a lock, and that is not taken off the lease.
      lease_until = clock_timestamp() + lease,
      expires_at = clock_timestamp() + retention,
      expires_minute = {schema}.minute_of(clock_timestamp() + retention),
      answer = NULL
    WHERE d.expires_at <= moment OR d.state = 2 OR (d.state = 0 AND d.lease_until <= moment)
    RETURNING 1, d.attempt, {schema}.millis_between(d.first_seen, moment), 0,
      d.prior_fingerprint, d.prior_signed_at
    INTO outcome, the_attempt, seen_ms, left_ms, known_fingerprint, known_signed_at;
    IF FOUND THEN
      RETURN;
    END IF;
  END LOOP;
  -- Others claim and give back faster than this can look.
  outcome := 3;
  the_attempt := 1;
  seen_ms := 0;
  left_ms := 1000;
END
$$;

-- 1 completed, 2 completed before by this token, 0 lost.
CREATE FUNCTION {schema}.complete(
  the_key bytea, the_token bytea, retention_ms int8, the_answer bytea, wait_ms int4
) RETURNS int2 LANGUAGE plpgsql
AS $$
DECLARE
  retention CONSTANT interval := retention_ms * interval '1 millisecond';
  moment timestamptz;
  found_row record;
BEGIN
  IF wait_ms > 0 THEN
    PERFORM set_config('lock_timeout', wait_ms::text, true);
  END IF;
  FOR try IN 1..4 LOOP
    moment := clock_timestamp();
    UPDATE {schema}.delivery AS d SET
      state = 1,
      lease_until = moment,
      expires_at = moment + retention,
      expires_minute = {schema}.minute_of(moment + retention),
      answer = the_answer
    WHERE d.key = the_key AND d.token = the_token AND d.state = 0 AND d.expires_at > moment;
    IF FOUND THEN
      RETURN 1;
    END IF;
    SELECT d.state, d.token FROM {schema}.delivery AS d
    WHERE d.key = the_key AND d.expires_at > moment
    INTO found_row;
    IF FOUND THEN
      IF found_row.token <> the_token OR found_row.state = 2 THEN
        RETURN 0;
      ELSIF found_row.state = 1 THEN
        RETURN 2;
      END IF;
      CONTINUE;
    END IF;
    -- The record may be gone. The effects have happened, so they are worth remembering.
    INSERT INTO {schema}.delivery AS d
      (key, state, token, attempt, first_seen, lease_until, expires_at, expires_minute, answer)
    VALUES
      (the_key, 1, the_token, 1, moment, moment, moment + retention,
       {schema}.minute_of(moment + retention), the_answer)
    ON CONFLICT (key) DO UPDATE SET
      state = 1,
      token = the_token,
      attempt = 1,
      first_seen = moment,
      prior_fingerprint = NULL,
      prior_signed_at = NULL,
      fingerprint = NULL,
      signed_at = NULL,
      lease_until = moment,
      expires_at = moment + retention,
      expires_minute = {schema}.minute_of(moment + retention),
      answer = the_answer
    WHERE d.expires_at <= moment;
    IF FOUND THEN
      RETURN 1;
    END IF;
  END LOOP;
  RAISE EXCEPTION 'the record changes faster than it can be read'
    USING ERRCODE = 'serialization_failure';
END
$$;

-- 1 released, 0 lost.
CREATE FUNCTION {schema}.release(the_key bytea, the_token bytea, wait_ms int4) RETURNS int2
LANGUAGE plpgsql
AS $$
BEGIN
  IF wait_ms > 0 THEN
    PERFORM set_config('lock_timeout', wait_ms::text, true);
  END IF;
  UPDATE {schema}.delivery AS d SET state = 2
  WHERE d.key = the_key AND d.token = the_token AND d.state = 0
    AND d.expires_at > clock_timestamp();
  RETURN CASE WHEN FOUND THEN 1 ELSE 0 END;
END
$$;

-- 1 extended, 0 lost.
CREATE FUNCTION {schema}.extend(the_key bytea, the_token bytea, lease_ms int8, wait_ms int4)
RETURNS int2 LANGUAGE plpgsql
AS $$
DECLARE
  lease CONSTANT interval := lease_ms * interval '1 millisecond';
BEGIN
  IF wait_ms > 0 THEN
    PERFORM set_config('lock_timeout', wait_ms::text, true);
  END IF;
  UPDATE {schema}.delivery AS d SET
    lease_until = clock_timestamp() + lease,
    expires_at = greatest(d.expires_at, clock_timestamp() + lease),
    expires_minute = greatest(d.expires_minute, {schema}.minute_of(clock_timestamp() + lease))
  WHERE d.key = the_key AND d.token = the_token AND d.state = 0
    AND d.expires_at > clock_timestamp();
  RETURN CASE WHEN FOUND THEN 1 ELSE 0 END;
END
$$;

-- 1 if there was a record, else 0.
CREATE FUNCTION {schema}.forget(the_key bytea, wait_ms int4) RETURNS int2
LANGUAGE plpgsql
AS $$
DECLARE
  was_live bool;
BEGIN
  IF wait_ms > 0 THEN
    PERFORM set_config('lock_timeout', wait_ms::text, true);
  END IF;
  DELETE FROM {schema}.delivery AS d WHERE d.key = the_key
  RETURNING d.expires_at > clock_timestamp() INTO was_live;
  RETURN CASE WHEN was_live THEN 1 ELSE 0 END;
END
$$;

-- How many expired records were dropped. What others hold is left to them.
CREATE FUNCTION {schema}.purge(most int4) RETURNS int4 LANGUAGE plpgsql
AS $$
DECLARE
  moment CONSTANT timestamptz := clock_timestamp();
  dropped int4;
BEGIN
  -- By its key: a `ctid` would also name a live row of every other partition.
  DELETE FROM {schema}.delivery AS d WHERE d.key = ANY (ARRAY(
    SELECT c.key FROM {schema}.delivery AS c
    WHERE c.expires_minute <= {schema}.minute_of(moment) AND c.expires_at <= moment
    ORDER BY c.expires_minute LIMIT most
    FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS dropped = ROW_COUNT;
  RETURN dropped;
END
$$;

-- Claims and completes at once, in the caller's transaction. 1 done, 2 done before, 3 in flight,
-- 4 not readable.
--
-- The caller's `lock_timeout` is as it was when this returns.
CREATE FUNCTION {schema}.once(
  the_key bytea, retention_ms int8, new_answer bytea, wait_ms int4,
  OUT outcome int2, OUT the_attempt int4, OUT seen_ms int8, OUT left_ms int8,
  OUT known_fingerprint bytea, OUT known_signed_at int8, OUT the_answer bytea
) LANGUAGE plpgsql
AS $$
DECLARE
  retention CONSTANT interval := retention_ms * interval '1 millisecond';
  before CONSTANT text := current_setting('lock_timeout');
  nobody CONSTANT bytea := '\x00000000000000000000000000000000';
  moment timestamptz;
  found_row record;
BEGIN
  FOR try IN 1..4 LOOP
    moment := clock_timestamp();
    SELECT d.* FROM {schema}.delivery AS d
    WHERE d.key = the_key AND d.expires_at > moment AND d.state <> 2
      AND (d.state <> 0 OR d.lease_until > moment)
    INTO found_row;
    IF FOUND THEN
      outcome := CASE
        WHEN found_row.state = 1 THEN 2
        WHEN found_row.state <> 0 THEN 4
        ELSE 3 END;
      the_attempt := found_row.attempt;
      seen_ms := {schema}.millis_between(found_row.first_seen, moment);
      left_ms := {schema}.millis_between(moment, found_row.lease_until);
      known_fingerprint := found_row.fingerprint;
      known_signed_at := found_row.signed_at;
      the_answer := found_row.answer;
      RETURN;
    END IF;
    BEGIN
      PERFORM set_config('lock_timeout', wait_ms::text, true);
      INSERT INTO {schema}.delivery AS d
        (key, state, token, attempt, first_seen, lease_until, expires_at, expires_minute, answer)
      VALUES
        (the_key, 1, nobody, 1, moment, moment, moment + retention,
         {schema}.minute_of(moment + retention), new_answer)
      ON CONFLICT (key) DO UPDATE SET
        state = 1,
        token = nobody,
        attempt = CASE WHEN d.expires_at > moment THEN least(d.attempt, 2147483646) + 1 ELSE 1 END,
        first_seen = CASE WHEN d.expires_at > moment THEN d.first_seen ELSE moment END,
        prior_fingerprint = CASE WHEN d.expires_at > moment THEN d.fingerprint END,
        prior_signed_at = CASE WHEN d.expires_at > moment THEN d.signed_at END,
        fingerprint = NULL,
        signed_at = NULL,
        lease_until = moment,
        expires_at = moment + retention,
        expires_minute = {schema}.minute_of(moment + retention),
        answer = new_answer
      WHERE d.expires_at <= moment OR d.state = 2 OR (d.state = 0 AND d.lease_until <= moment)
      RETURNING 1, d.attempt, {schema}.millis_between(d.first_seen, moment), 0,
        d.prior_fingerprint, d.prior_signed_at
      INTO outcome, the_attempt, seen_ms, left_ms, known_fingerprint, known_signed_at;
      IF FOUND THEN
        PERFORM set_config('lock_timeout', before, true);
        RETURN;
      END IF;
      -- The row that was met is locked by now, for as long as the caller's transaction lasts, and
      -- who holds the event could not complete it. Leaving the block like this gives it back.
      RAISE SQLSTATE 'CS001';
    EXCEPTION
      -- Either undoes the block alone, `lock_timeout` included.
      WHEN SQLSTATE 'CS001' THEN
        NULL;
      WHEN lock_not_available THEN
        EXIT;
    END;
  END LOOP;
  outcome := 3;
  the_attempt := 1;
  seen_ms := 0;
  left_ms := 1000;
END
$$;
