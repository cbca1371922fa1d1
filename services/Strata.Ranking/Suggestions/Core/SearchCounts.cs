using System.Text;

namespace Strata.Ranking.Suggestions.Core;

/// <summary>
/// Queries that users sent in the last days, each with how many different users sent it. A day is one of the events' own time, and the last
/// is the newest that an event had: who reads the same log holds the same. Not for two threads at once.
/// </summary>
/// <param name="days">Days that count.</param>
/// <param name="most">Queries held. One more lets go of a quarter: those of the fewest users, of them the oldest.</param>
internal sealed class SearchCounts(int days, int most)
{
    private const int LeastLength = 2;
    private const int MostLength = 64;

    /// <summary>Digits in a row from which on they are taken for somebody's number.</summary>
    private const int Number = 6;

    private const long DayMs = 86_400_000;

    private readonly Dictionary<string, QueryUsers> _queries = new(StringComparer.Ordinal);
    private int _today = -1;

    public int Count => _queries.Count;

    /// <summary>Grows with everything that may change what is read.</summary>
    public long Version { get; private set; }

    /// <summary>
    /// A query as it is counted and shown: lower case, single blanks. Null for what is never suggested: shorter than 2 or longer than 64
    /// characters, or with an @ or six digits in a row, as addresses and numbers of people have them.
    /// </summary>
    public static string? Normalise(string query)
    {
        var text = new StringBuilder(query.Length);
        var digits = 0;
        foreach (var rune in query.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                text.Append(text.Length > 0 && text[^1] != ' ' ? " " : "");
                continue;
            }

            digits = Rune.IsDigit(rune) ? digits + 1 : 0;
            text.Append(Rune.ToLowerInvariant(rune).ToString());
            if (digits == Number || rune.Value == '@' || text.Length > MostLength)
            {
                return null;
            }
        }

        var normal = text.ToString().TrimEnd();
        return normal.Length < LeastLength ? null : normal;
    }

    /// <summary>A user searched.</summary>
    public void Add(string query, uint user, long timeUnixMs)
    {
        var day = (int)(timeUnixMs / DayMs);
        if (day > _today - days && Normalise(query) is { } normal)
        {
            _today = Math.Max(_today, day);
            if (!_queries.TryGetValue(normal, out var users))
            {
                MakeRoom();
                _queries[normal] = users = new QueryUsers();
            }

            users.Add(day, user);
            Version++;
        }
    }

    /// <summary>What these users sent so far says nothing any more.</summary>
    public void Forget(IReadOnlySet<uint> users)
    {
        foreach (var query in _queries.Values)
        {
            query.Forget(users);
        }

        Expire();
        Version++;
    }

    /// <summary>Queries that at least so many different users sent, in no order.</summary>
    public List<(string Query, double Users)> Read(int leastUsers)
    {
        Expire();
        return [.. _queries.Select(query => (query.Key, Users: query.Value.Count())).Where(query => query.Users >= leastUsers)];
    }

    private void Expire()
    {
        foreach (var (query, users) in _queries)
        {
            if (!users.Expire(_today - days + 1))
            {
                _queries.Remove(query);
            }
        }
    }

    private void MakeRoom()
    {
        if (_queries.Count >= most)
        {
            Expire();
        }

        if (_queries.Count >= most)
        {
            var least = _queries.OrderBy(query => query.Value.Count()).ThenBy(query => query.Value.LastDay)
                .ThenBy(query => query.Key, StringComparer.Ordinal).Take(Math.Max(1, most / 4)).Select(query => query.Key).ToList();
            least.ForEach(query => _queries.Remove(query));
        }
    }
}
