using System.Runtime.InteropServices;

namespace Strata.Ranking.Suggestions.Core;

/// <summary>
/// How many different users sent a query, by day: of each day the 64 smallest hashes of its users (k minimum values; Bar-Yossef et al.
/// 2002), and the smallest that was not kept. Up to 64 a day the number is exact, beyond it is what was kept over the share of all hashes
/// below that one, within an eighth two times of three. The same events give the same number in any order and however often they come.
/// </summary>
internal sealed class QueryUsers
{
    /// <summary>Hashes of a day.</summary>
    public const int Kept = 64;

    private const double All = 1L << 32;

    private readonly List<DayUsers> _days = [];

    /// <summary>The newest day with a user; −1: none.</summary>
    public int LastDay => _days.Count == 0 ? -1 : _days.Max(day => day.Day);

    public void Add(int day, uint user)
    {
        var users = _days.Find(known => known.Day == day);
        if (users is null)
        {
            users = new DayUsers(day);
            _days.Add(users);
        }

        users.Add(user);
    }

    public void Forget(IReadOnlySet<uint> users)
    {
        _days.ForEach(day => day.Forget(users));
        _days.RemoveAll(day => day.Hashes.Length == 0);
    }

    /// <summary>Lets go of the days before <paramref name="first"/>; false when nothing is left.</summary>
    public bool Expire(int first)
    {
        _days.RemoveAll(day => day.Day < first);
        return _days.Count > 0;
    }

    /// <summary>Different users of all days.</summary>
    public double Count()
    {
        // Below it every day has all.
        var bound = _days.Count == 0 ? All : _days.Min(day => day.Bound);
        if (_days.Count == 1)
        {
            return _days[0].Hashes.Length * (All / bound);
        }

        var all = new HashSet<uint>();
        foreach (var day in _days)
        {
            all.UnionWith(MemoryMarshal.ToEnumerable<uint>(day.Hashes.ToArray()).TakeWhile(hash => hash < bound));
        }

        return all.Count * (All / bound);
    }

    /// <summary>The smallest hashes of a day's users, in their order.</summary>
    private sealed class DayUsers(int day)
    {
        private uint[] _hashes = new uint[1];
        private int _count;

        public int Day { get; } = day;

        /// <summary>The smallest hash that was not kept: below it all are. 2³²: all were kept.</summary>
        public double Bound { get; private set; } = All;

        public ReadOnlySpan<uint> Hashes => _hashes.AsSpan(0, _count);

        public void Add(uint user)
        {
            var at = Hashes.BinarySearch(user);
            if (at >= 0 || user >= Bound)
            {
                return;
            }

            if (_count == Kept)
            {
                Bound = Math.Max(user, _hashes[^1]);
                if (~at == Kept)
                {
                    return;
                }
            }

            if (_count == _hashes.Length && _count < Kept)
            {
                Array.Resize(ref _hashes, Math.Min(Kept, _count * 2));
            }

            _count = Math.Min(_count + 1, Kept);
            _hashes.AsSpan(~at, _count - ~at - 1).CopyTo(_hashes.AsSpan(~at + 1));
            _hashes[~at] = user;
        }

        public void Forget(IReadOnlySet<uint> users)
        {
            var kept = 0;
            for (var k = 0; k < _count; k++)
            {
                if (!users.Contains(_hashes[k]))
                {
                    _hashes[kept++] = _hashes[k];
                }
            }

            _count = kept;
        }
    }
}
