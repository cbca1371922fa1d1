using Strata.Clustering.Interests.Core;
using Strata.Clustering.Layers;
using Strata.Clustering.Points.Core;
using Strata.Clustering.Reducer.Core;
using Strata.Featurizer.Activity.Core;
using Strata.Featurizer.Answers.Core;
using Strata.Featurizer.Profiles.Core;
using Strata.Optimizer.Learning.Core;
using Strata.Ranking.Candidates;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Slates;
using Strata.RankingModel;

namespace Strata.Evaluator.Replays;

/// <summary>Every service's options, with their defaults, and what an ablation takes away.</summary>
internal sealed record StrataSetup
{
    /// <summary>Name in tables and files.</summary>
    public string Name { get; init; } = "strata";

    /// <summary>Items have embeddings.</summary>
    public bool Text { get; init; } = true;

    /// <summary>Items have activity: popularity, co-visits, transitions.</summary>
    public bool Behaviour { get; init; } = true;

    /// <summary>Layers learn from interest points; false: they stay as they were seeded.</summary>
    public bool LayersMove { get; init; } = true;

    /// <summary>Searches are taken in; false: nothing is known of them, and the tests are the same.</summary>
    public bool Searches { get; init; } = true;

    /// <summary>Slates are made as Ranking serves them, too, beside the pure order.</summary>
    public bool Serves { get; init; }

    public LayersOptions Layers { get; init; } = new();

    // Items come to be one by one all the time: a seeding at each tenth would cost more than the rest.
    public ReducerOptions Reducer { get; init; } = new() { ChangeToReseed = 1, ChangeToReseedAtRest = 1 };

    public PointsOptions Points { get; init; } = new();

    public InterestsOptions Interests { get; init; } = new();

    public ProfilesOptions Profiles { get; init; } = new();

    public AnswersOptions Answers { get; init; } = new();

    public ActivityOptions Activity { get; init; } = new();

    public IndexOptions Index { get; init; } = new();

    public CandidateOptions Candidates { get; init; } = new();

    public LearningOptions Learning { get; init; } = new();

    public SlateOptions Slates { get; init; } = new();

    /// <summary>What the learner begins with; null: the prior that Strata ships.</summary>
    public Prior? Prior { get; init; }

    /// <summary>What is replayed with something taken away.</summary>
    public static IReadOnlyList<StrataSetup> Ablations { get; } =
    [
        new() { Name = "strata-one-interest", Layers = new LayersOptions { Layers = 1, MovesPerEpoch = 0 } },
        new() { Name = "strata-no-text", Text = false },
        new() { Name = "strata-no-behaviour", Behaviour = false },
        new() { Name = "strata-static-layers", LayersMove = false },
        new() { Name = "strata-no-searches", Searches = false },
    ];
}
