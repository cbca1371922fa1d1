using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Streams;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Lookups;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Slates;

namespace Strata.Evaluator.Search;

/// <summary>A catalogue in which new users send one query each: what Ranking's sources and slates make of it.</summary>
internal sealed class SearchedShop
{
    /// <summary>Positions of a slate, and depth of every measure.</summary>
    public const int Depth = 10;

    private static readonly long StartMs = new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly QueryFeatures _queries;
    private readonly StrataSetup _setup;
    private readonly ReplayStream _stream;
    private readonly StrataState _state;
    private readonly CatalogueSearch _search = new();
    private int _user;

    /// <summary>Opens the shop.</summary>
    /// <param name="items">The catalogue; ids are its own.</param>
    /// <param name="features">Features of the items, aligned.</param>
    /// <param name="queries">What is known of the queries.</param>
    /// <param name="searches">Searches to come, at most.</param>
    public SearchedShop(IReadOnlyList<Item> items, ItemFeatures[] features, QueryFeatures queries, int searches)
    {
        (_queries, _setup) = (queries, new StrataSetup { Serves = true });
        _stream = ReplayStream.Open([.. items], [.. Enumerable.Range(0, searches).Select(user => $"user-{user}")], searches);
        _state = new StrataState(_stream, _setup, features, queries);
        _state.Advance(StartMs);
        _state.Publish();
    }

    /// <summary>Score of each item by words and meaning together, as the source "search" has them.</summary>
    public double[] Scores(string query)
    {
        var scores = new double[_stream.Items.Length];
        var view = _state.View;
        if (_search.TryScore(view, _queries.InProfile(query, StartMs)))
        {
            foreach (var (item, score) in _search.Scores(view))
            {
                scores[item] = score;
            }
        }

        return scores;
    }

    /// <summary>The slate of a new user whose only event is a query, best first.</summary>
    /// <param name="query">What they type.</param>
    /// <param name="policy">The policy in force.</param>
    /// <param name="exploration">ε of the slate; 0, as for a dry run, serves the best.</param>
    /// <param name="seed">Seed of the exploration.</param>
    public IReadOnlyList<int> Slate(string query, RankingPolicy policy, double exploration = 0, int seed = 1)
    {
        var index = _stream.Append(StartMs + _user, _user++, EventKind.Search, -1, query);
        _state.Absorb(index);
        using var request = _state.Propose(index, RequestConstraints.Usual);
        Scorer.Score(request, policy);
        var layers = LayerDistribution.For(request, request.User, policy, _setup.Slates);
        var slate = SlateBuilder.Build(request, layers, Depth, exploration, _setup.Slates, new Random(seed));
        return [.. slate.Select(placed => placed.Item)];
    }
}
