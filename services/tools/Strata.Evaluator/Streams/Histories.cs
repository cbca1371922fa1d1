namespace Strata.Evaluator.Streams;

/// <summary>What each user had: the last 64 distinct items, newest first, with times and own decayed counts, and all items ever.</summary>
internal sealed class Histories(int users)
{
    /// <summary>Distinct items remembered in order.</summary>
    public const int Capacity = 64;

    private readonly Entry?[] _entries = new Entry?[users];

    /// <summary>The user's history; null before their first event.</summary>
    public Entry? Of(int user) => _entries[user];

    /// <summary>Puts an item in front. True when it is not among the items remembered.</summary>
    public bool Touch(int user, int item, long timeMs)
    {
        var entry = _entries[user] ??= new Entry();
        return entry.Touch(item, timeMs);
    }

    /// <summary>One user's history.</summary>
    internal sealed class Entry
    {
        private readonly int[] _items = new int[Capacity];
        private readonly long[] _times = new long[Capacity];
        private readonly HashSet<int> _owned = [];
        private int _count;

        /// <summary>Items, newest first.</summary>
        public ReadOnlySpan<int> Items => _items.AsSpan(0, _count);

        /// <summary>When each was last touched.</summary>
        public ReadOnlySpan<long> Times => _times.AsSpan(0, _count);

        /// <summary>All items ever touched.</summary>
        public IReadOnlyCollection<int> Owned => _owned;

        public bool Touch(int item, long timeMs)
        {
            var at = Items.IndexOf(item);
            var first = at < 0;
            at = first ? Math.Min(_count, Capacity - 1) : at;
            _count = first && _count < Capacity ? _count + 1 : _count;
            Array.Copy(_items, 0, _items, 1, at);
            Array.Copy(_times, 0, _times, 1, at);
            (_items[0], _times[0]) = (item, timeMs);
            _owned.Add(item);
            return first;
        }
    }
}
