-- One key holds one record, a string:
--   version (1 byte), state (P in flight, D completed, F released), token (16 bytes),
--   attempt (4), first seen and end of the lease (microseconds, 8 each),
--   fingerprint and signed time (each a length of 1 byte, and bytes), answer (the rest).
-- Redis drops it when its retention is over. All times are this server's.
local TOKEN, LEASE = 2, 30

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- Nothing if there is none; `version` is false if it is none of this version.
local function read(key)
  local bytes = redis.call('GET', key)
  if not bytes then return nil end
  if string.byte(bytes, 1) ~= 1 then return { version = false } end
  local known, _, state, token, attempt, first, lease, fingerprint, signed, rest =
    pcall(struct.unpack, '>Bc1c16I4ddBc0Bc0', bytes)
  local whole = known and string.find('PDF', state, 1, true)
    and (#fingerprint == 0 or #fingerprint == 16) and (#signed == 0 or #signed == 8)
    and first == first and lease == lease -- A number, since it equals itself.
  if not whole then return { version = false } end
  return {
    version = true, state = state, token = token, attempt = attempt, first = first, lease = lease,
    fingerprint = fingerprint, signed = signed, answer = string.sub(bytes, rest)
  }
end

-- Writes to a record that may not wait for memory. A server that is full refuses a script's first
-- write if that takes more, but not what follows a write that takes none.
local function insist(key, ...)
  local done = redis.pcall(...)
  if type(done) == 'table' and done.err then
    local left = redis.call('PTTL', key)
    if left ~= -1 then redis.call('PEXPIRE', key, math.max(left, 1)) end
    redis.call(...)
  end
end

-- Changes nothing, but is a write: what waits for replicas waits for the last one of a connection.
local function touch(key)
  insist(key, 'SETRANGE', key, 0, '\1')
end

-- As `insist`, but a server that is full declines.
local function try(_, ...)
  redis.call(...)
end

-- Kept for as many milliseconds; if none are left, it is gone at once.
local function write(key, r, milliseconds, how)
  if milliseconds < 1 then
    redis.call('DEL', key)
    return
  end
  local bytes = struct.pack('>Bc1c16I4ddBc0Bc0', 1, r.state, r.token, r.attempt, r.first, r.lease,
    #r.fingerprint, r.fingerprint, #r.signed, r.signed) .. r.answer
  how(key, 'SET', key, bytes, 'PX', milliseconds)
end

