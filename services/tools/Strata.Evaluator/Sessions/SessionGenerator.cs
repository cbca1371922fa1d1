using Strata.Contracts.Catalog.V1;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Search;
using Strata.Optimizer.LayerPolicy;

namespace Strata.Evaluator.Sessions;

/// <summary>
/// Users who search for what was judged and look around besides. A session with a search: a query is typed; of what is judged E or S, in a
/// random order in which E tends to stand first, each position is looked at with the probability of <see cref="Examination"/> and clicked
/// if it pleases (the position-based model: Craswell, Zoeter, Taylor and Ramsey 2008); sometimes the user words it anew and looks again.
/// Each click of a search is matched by one that has nothing to do with any: on an item of the user's own two categories, the ones that
/// are often clicked more often (Zipf), half of them in the middle of a search. Pure: a seed gives a stream.
/// </summary>
internal sealed class SessionGenerator(IReadOnlyList<Item> items, IReadOnlyList<Judgment> judgments, SessionOptions options)
{
    private const double Exact = 1;
    private const double Substitute = 0.1;
    private const double PleasedByExact = 0.6;
    private const double PleasedBySubstitute = 0.25;
    private const double Reformulates = 0.25;
    private const double InBetween = 0.5;
    private const int LeastInCategory = 20;
    private const int OwnCategories = 2;

    // Answers that one search shows.
    private const int Shown = 20;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(options.Seed);
    private readonly List<DatasetEvent> _events = [];
    private int _searchClicks;
    private int _otherClicks;

    /// <summary>The queries of a part, in the order of their texts.</summary>
    public static IReadOnlyList<string> QueriesOf(IEnumerable<Judgment> judgments, QueryPart part)
        =>
        [
            .. judgments.Select(judgment => judgment.Query).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Where((_, n) => part == QueryPart.All || n % 2 == (part == QueryPart.Develop ? 0 : 1)),
        ];

    /// <summary>Makes the stream, in the order of time.</summary>
    public IReadOnlyList<DatasetEvent> Make()
    {
        var titles = items.ToDictionary(item => item.ItemId, item => item.Title, StringComparer.Ordinal);
        var wanted = QueriesOf(judgments, options.Part).ToHashSet(StringComparer.Ordinal);
        var queries = judgments.Where(judgment => wanted.Contains(judgment.Query) && titles.ContainsKey(judgment.Item))
            .GroupBy(judgment => judgment.Query, StringComparer.Ordinal)
            .Select(query => new Wish(query.Key, [.. query.Where(judgment => judgment.Gain >= Substitute)]))
            .Where(wish => wish.Answers.Length > 0)
            .OrderBy(wish => wish.Query, StringComparer.Ordinal).ToArray();
        var categories = items.SelectMany(item => item.Categories.Distinct().Select(category => (category, item.ItemId)))
            .GroupBy(pair => pair.category, pair => pair.ItemId, StringComparer.Ordinal)
            .Where(category => category.Count() >= LeastInCategory).Select(category => category.ToArray()).ToArray();
        if (queries.Length == 0)
        {
            throw new DatasetException("No judged query has an answer among the items. Give the judgments of these items.");
        }

        categories = categories.Length > 0 ? categories : [[.. items.Select(item => item.ItemId)]];
        foreach (var category in categories)
        {
            _random.Shuffle(category);
        }

        var tastes = Enumerable.Range(0, options.Users)
            .Select(_ => Enumerable.Range(0, OwnCategories).Select(_ => categories[_random.Next(categories.Length)]).ToArray()).ToArray();
        for (var session = 0; _searchClicks + _otherClicks < options.Clicks; session++)
        {
            var user = _random.Next(options.Users);
            var visit = new Visit($"user-{user:D4}", Start.AddMinutes(20 * session), tastes[user]);
            Search(visit, queries[_random.Next(queries.Length)], titles);
            while (_otherClicks < _searchClicks)
            {
                Wander(visit);
            }
        }

        return [.. _events.OrderBy(e => e.Time).ThenBy(e => e.User, StringComparer.Ordinal).ThenBy(e => e.Line)];
    }

    private void Search(Visit visit, Wish wish, Dictionary<string, string> titles)
    {
        var typed = wish.Query;
        bool again;
        do
        {
            Add(visit, "search", "", typed);
            Look(visit, wish);
            again = _random.NextDouble() < Reformulates;
            typed = Reworded(wish, titles);
        }
        while (again);
    }

    private void Look(Visit visit, Wish wish)
    {
        // E before S but for chance, as a search engine would have it.
        var shown = wish.Answers.OrderByDescending(answer => (answer.Gain >= Exact ? 0.5 : 0) + _random.NextDouble()).Take(Shown).ToArray();
        for (var position = 0; position < shown.Length; position++)
        {
            var pleases = shown[position].Gain >= Exact ? PleasedByExact : PleasedBySubstitute;
            if (_random.NextDouble() < Examination.Of(position) * pleases)
            {
                Add(visit, "click", shown[position].Item, "");
                _searchClicks++;
                if (_random.NextDouble() < InBetween)
                {
                    Wander(visit);
                }
            }
        }
    }

    private void Wander(Visit visit)
    {
        var category = visit.Tastes[_random.Next(visit.Tastes.Length)];
        Add(visit, "click", category[(int)Math.Pow(category.Length, _random.NextDouble()) - 1], "");
        _otherClicks++;
    }

    // A word less, or a word of the title of an answer more.
    private string Reworded(Wish wish, Dictionary<string, string> titles)
    {
        var words = wish.Query.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        if (words.Count > 2 && _random.Next(2) == 0)
        {
            words.RemoveAt(_random.Next(words.Count));
            return string.Join(' ', words);
        }

        var title = titles[wish.Answers[_random.Next(wish.Answers.Length)].Item]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim(',', '.', '(', ')').ToLowerInvariant())
            .Where(word => word.Length > 2 && word.All(char.IsLetter)).ToArray();
        return title.Length == 0 ? wish.Query : $"{wish.Query} {title[_random.Next(title.Length)]}";
    }

    private void Add(Visit visit, string type, string item, string query)
    {
        visit.Now = visit.Now.AddSeconds(5 + _random.Next(40));
        _events.Add(new DatasetEvent(_events.Count + 1, visit.Now, visit.User, item, type, 0, query));
    }

    private sealed record Wish(string Query, Judgment[] Answers);

    private sealed class Visit(string user, DateTimeOffset start, string[][] tastes)
    {
        public string User => user;

        public string[][] Tastes => tastes;

        public DateTimeOffset Now { get; set; } = start;
    }
}
