using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Items;
using Strata.RankingModel;

namespace Strata.Ranking.Candidates.Sources;

/// <summary>The list of all sources; their names are <see cref="SourceSchema.Names"/>.</summary>
public static class CandidateSources
{
    /// <summary>All sources, by index.</summary>
    public static IReadOnlyList<ICandidateSource> All { get; } =
    [
        new PopularSource(SourceSchema.Popular1h, HalfLives.Hour),
        new PopularSource(SourceSchema.Popular3h, HalfLives.ThreeHours),
        new PopularSource(SourceSchema.Popular1d, HalfLives.Day),
        new PopularSource(SourceSchema.Popular7d, HalfLives.Week),
        new PopularSource(SourceSchema.Popular60d, HalfLives.TwoMonths),
        new PopularSource(SourceSchema.PopularAll, HalfLives.Ever),
        new FreshSource(),
        new NeighbourSource(SourceSchema.Neighbours3, scores => scores.Three),
        new NeighbourSource(SourceSchema.Neighbours5, scores => scores.Five),
        new NeighbourSource(SourceSchema.Neighbours1, scores => scores.One),
        new NeighbourSource(SourceSchema.Next, scores => scores.Next),
        new TextSource(SourceSchema.RecentText, text => text.Recent),
        new TextSource(SourceSchema.Layers, text => text.Layers),
        new TrendingInLayerSource(),
        new TextSource(SourceSchema.Nearest, text => text.Nearest),
        new TextSource(SourceSchema.Search, text => text.Search),
        new RepeatSource(),
        new CohortSource(),
    ];

    /// <summary>Asks every source, the disabled ones too: ranks in all lists are features.</summary>
    internal static void Propose(RankingRequest request)
    {
        foreach (var source in All)
        {
            request.ListOf(source.Index).Clear();
            source.Propose(request, request.ListOf(source.Index));
        }
    }
}
