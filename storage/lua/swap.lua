-- Changes a field of a hash unless somebody else has changed it meanwhile; 1 when it was changed.
-- KEYS: hash
-- ARGV: field, its value before ('' for none), its new value ('' to delete it)

if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return 1
