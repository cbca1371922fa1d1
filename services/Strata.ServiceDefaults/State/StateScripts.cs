namespace Strata.ServiceDefaults.State;

/// <summary>The Lua of the state store: one key a script, so that it runs on any shard. Each answers 1 when the key is as the caller wants it, 0 when another writer was there.</summary>
internal static class StateScripts
{
    /// <summary>
    /// KEYS[1] value. ARGV[1] header expected ('' = absent); ARGV[2] length of the new header; ARGV[3] new value, left out to delete.
    /// Compares the stored header with the expected one; a header that is the new one already means that an earlier attempt came through.
    /// </summary>
    public const string Write = """
        local expected, size, value = ARGV[1], tonumber(ARGV[2]), ARGV[3]
        local have = redis.call('GETRANGE', KEYS[1], 0, math.max(#expected, size, 1) - 1)
        if (#expected == 0 and have == '') or (#expected > 0 and string.sub(have, 1, #expected) == expected) then
          if value then redis.call('SET', KEYS[1], value) else redis.call('DEL', KEYS[1]) end
          return 1
        end
        if value then
          if string.sub(have, 1, size) == string.sub(value, 1, size) then return 1 end
        elseif have == '' then
          return 1
        end
        return 0
        """;

    /// <summary>
    /// KEYS[1] hash. ARGV[1] fence expected ('' = none); ARGV[2] new fence; then field and amount in turn.
    /// A fence that is the new one already means that an earlier attempt came through: nothing is added again.
    /// </summary>
    public const string Increment = """
        local have = redis.call('HGET', KEYS[1], '#fence') or ''
        if have == ARGV[2] then return 1 end
        if have ~= ARGV[1] then return 0 end
        for i = 3, #ARGV, 2 do
          if tonumber(redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1])) == 0 then redis.call('HDEL', KEYS[1], ARGV[i]) end
        end
        redis.call('HSET', KEYS[1], '#fence', ARGV[2])
        return 1
        """;
}
