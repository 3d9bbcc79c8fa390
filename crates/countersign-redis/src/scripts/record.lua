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
  if not known then return { version = false } end
  return {
    version = true, state = state, token = token, attempt = attempt, first = first, lease = lease,
    fingerprint = fingerprint, signed = signed, answer = string.sub(bytes, rest)
  }
end

-- Kept for as many milliseconds; if none are left, it is gone at once.
local function write(key, r, milliseconds)
  if milliseconds < 1 then
    redis.call('DEL', key)
    return
  end
  local bytes = struct.pack('>Bc1c16I4ddBc0Bc0', 1, r.state, r.token, r.attempt, r.first, r.lease,
    #r.fingerprint, r.fingerprint, #r.signed, r.signed) .. r.answer
  redis.call('SET', key, bytes, 'PX', milliseconds)
end

