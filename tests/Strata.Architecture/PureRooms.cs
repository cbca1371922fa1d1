namespace Strata.Architecture;

/// <summary>A room, or a part of one, that only thinks: no Task, no client, no clock.</summary>
/// <param name="Assembly">Assembly.</param>
/// <param name="Namespace">Namespace of the room.</param>
/// <param name="Only">Types that must be pure; empty: all of the room.</param>
/// <param name="Except">Types that are the room's edge: its handlers, tables and wiring.</param>
public sealed record PureRoom(string Assembly, string Namespace, string[] Only, string[] Except)
{
    /// <inheritdoc/>
    public override string ToString() => Only.Length == 0 ? Namespace : $"{Namespace} ({string.Join(", ", Only)})";
}

/// <summary>Where the thinking sits. The one list of it.</summary>
internal static class PureRooms
{
    public static readonly IReadOnlyList<PureRoom> All =
    [
        Whole("Strata.Numerics", "Strata.Numerics"),
        Whole("Strata.RankingModel", "Strata.RankingModel"),
        Whole("Strata.Ingestion", "Strata.Ingestion.Texts"),
        Part("Strata.Ingestion", "Strata.Ingestion.Events", "EventRules"),
        Part("Strata.Ingestion", "Strata.Ingestion.Catalog", "ItemRules"),
        Part("Strata.Ingestion", "Strata.Ingestion.Users", "UserRules"),
        Part("Strata.Edge", "Strata.Edge.Calls", "JsonShape", "FieldText"),
        Part("Strata.Edge", "Strata.Edge.OpenApi", "ServiceDocument", "MessageSchemas", "ProtoComments", "HttpBinding"),
        Whole("Strata.Featurizer", "Strata.Featurizer.Tokens"),
        Whole("Strata.Featurizer", "Strata.Featurizer.TfIdf", "DocumentFrequencyReader"),
        Part("Strata.Featurizer", "Strata.Featurizer.Embeddings", "BertWords", "Vectors"),
        Part("Strata.Featurizer", "Strata.Featurizer.Profiles", "ProfileStep", "ProfileFold", "ProfileItems", "ProfileTerms", "ProfileQueries", "ProfileBudget"),
        Part("Strata.Featurizer", "Strata.Featurizer.Activity", "ActivityAccumulator", "ActivityState", "ItemSums", "NeighbourList"),
        Whole("Strata.Clustering", "Strata.Clustering.Layers", "LayerTable", "LayersServices"),
        Whole("Strata.Clustering", "Strata.Clustering.Groups"),
        Whole("Strata.Clustering", "Strata.Clustering.Interests"),
        Whole("Strata.Clustering", "Strata.Clustering.Naming"),
        Part("Strata.Clustering", "Strata.Clustering.Titles", "TitleQuestion", "TitlePrompt", "TitleAnswer", "TitleBudget"),
        Part("Strata.Clustering", "Strata.Clustering.Points", "Epoch", "Slice", "UnderWay"),
        Part("Strata.Clustering", "Strata.Clustering.Reducer", "SeedingRule"),
        Whole("Strata.Ranking", "Strata.Ranking.Atlas"),
        Whole("Strata.Ranking", "Strata.Ranking.Candidates"),
        Whole("Strata.Ranking", "Strata.Ranking.Scoring", "PolicyTable", "ScoringServices"),
        Whole("Strata.Ranking", "Strata.Ranking.Slates"),
        Whole("Strata.Ranking", "Strata.Ranking.Explanations"),
        Part("Strata.Ranking", "Strata.Ranking.Shadow", "ProfileRollback", "ShadowExamples"),
        Whole("Strata.Optimizer", "Strata.Optimizer.LayerPolicy"),
        Whole("Strata.Optimizer", "Strata.Optimizer.Learning", "LearnerHandler", "LearnerHandlerFactory", "LearningServices"),
        Part("Strata.Optimizer", "Strata.Optimizer.Outcomes", "ImpressionJoin", "Attribution", "OutcomeExamples"),
    ];

    private static PureRoom Whole(string assembly, string room, params string[] except) => new(assembly, room, [], except);

    private static PureRoom Part(string assembly, string room, params string[] only) => new(assembly, room, only, []);
}
