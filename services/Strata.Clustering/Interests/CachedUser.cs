using Strata.Clustering.Interests;

namespace Strata.Clustering.Points;

/// <summary>The weights of the users seen last, as they rest in the store: written through, never ahead of it for longer than a write takes.</summary>
internal sealed class UserCache(int capacity)
{
    private readonly Dictionary<string, LinkedListNode<CachedUser>> _users = new(StringComparer.Ordinal);
    private readonly LinkedList<CachedUser> _byUse = new();

    public bool TryGet(string key, out CachedUser user)
    {
        if (!_users.TryGetValue(key, out var node))
        {
            user = null!;
            return false;
        }

        _byUse.Remove(node);
        _byUse.AddFirst(node);
        user = node.Value;
        return true;
    }

    public void Add(CachedUser user)
    {
        if (_users.Remove(user.Key, out var before))
        {
            _byUse.Remove(before);
        }

        _users[user.Key] = _byUse.AddFirst(user);
        while (_users.Count > capacity)
        {
            _users.Remove(_byUse.Last!.Value.Key);
            _byUse.RemoveLast();
        }
    }
}

/// <summary>A user's value in the store.</summary>
internal sealed class CachedUser(string key, ReadOnlyMemory<byte> header, UserWeights weights)
{
    public string Key { get; } = key;

    /// <summary>The stored value's header: what a conditional write must find.</summary>
    public ReadOnlyMemory<byte> Header { get; set; } = header;

    public UserWeights Weights { get; set; } = weights;
}
