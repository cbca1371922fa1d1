using Google.Protobuf.Collections;
using Strata.Contracts.Ranking.V1;
using static Strata.Contracts.Bounds.FieldBounds;

namespace Strata.Contracts.Bounds;

/// <summary>Bounds of what was shown, what is learned of it, and what was learned.</summary>
internal static class RankingBounds
{
    /// <summary>Features of an item.</summary>
    private const int Features = 4_096;

    /// <summary>Contexts of a request.</summary>
    private const int Contexts = 64;

    /// <summary>Buckets of a cohort's users.</summary>
    private const int Buckets = 256;

    /// <summary>Bytes of an example's features.</summary>
    private const int FeatureBytes = 1 << 26;

    public static string? Of(Impression value)
        => Id("request_id", value.RequestId)
            ?? Id("user_id", value.UserId)
            ?? Time("time_unix_ms", value.TimeUnixMs)
            ?? Time("served_unix_ms", value.ServedUnixMs)
            ?? Counter("context", value.Context, most: Contexts)
            ?? Counter("policy_version", value.PolicyVersion)
            ?? Each(value.Shown, "shown", Few, Of)
            ?? Many("features", value.Features.Length, FeatureBytes)
            ?? Id("placement", value.Placement)
            ?? StateBounds.Of(value.HandOver)
            ?? Each(value.Beliefs, "beliefs", Few, Of)
            ?? ArmBounds.Of(value.Arms)
            ?? Many("model", value.Model.Length, 3 * sizeof(float) * Features);

    public static string? Of(TrainingExample value)
        => Counter("context", value.Context, most: Contexts)
            ?? Time("time_unix_ms", value.TimeUnixMs)
            ?? Counter("candidates", value.Candidates, most: Several)
            ?? Many("features", value.Features.Length, FeatureBytes)
            ?? Counter("positive", value.Positive, -1, Several)
            ?? Number("weight", value.Weight, 0, Few)
            ?? Each(
                value.Outcomes,
                "outcomes",
                Few,
                static outcome => Number("shown", outcome.Shown, 0, Few)
                    ?? Number("chosen", outcome.Chosen, 0, Few)
                    ?? Number("liked", outcome.Liked, 0, 1))
            ?? Each(value.Cohorts, "cohorts", Few, static name => Id("cohort", name))
            ?? Counter("user_bucket", value.UserBucket, most: Buckets - 1)
            ?? Id("placement", value.Placement)
            ?? Numbers("offsets", value.Offsets, Several)
            ?? Each(value.Chosen, "chosen", Few, static index => Counter("chosen", index, most: Few))
            ?? Numbers("expected", value.Expected, Few, least: 0);

    public static string? Of(Policy.V1.Policy value)
    {
        var features = value.Weights.Count;
        return Id("name", value.Name)
            ?? Counter("version", value.Version)
            ?? Row("weights", value.Weights, features)
            ?? Row("mean", value.Mean, features)
            ?? Row("variance", value.Variance, features, least: 0)
            ?? Counter("lists", value.Lists)
            ?? Each(value.ContextWeights, "context_weights", Contexts, row => Row("row", row.Values, features))
            ?? Numbers("squares", value.Squares, Features * Features)
            ?? Aligned("context_squares", value.ContextSquares.Count, value.ContextWeights.Count)
            ?? Each(
                value.ContextSquares,
                "context_squares",
                Contexts,
                row => Numbers("row", row.Values, Features * Features) ?? Aligned("row", row.Values.Count, value.Squares.Count))
            ?? Counter("steps", value.Steps)
            ?? Numbers("feature_lists", value.FeatureLists, Features, least: 0)
            ?? Each(value.Layers, "layers", Several, Of)
            ?? Time("time_unix_ms", value.TimeUnixMs)
            ?? Number("clicks", value.Clicks, 0, Amount)
            ?? Number("shown", value.Shown, 0, Amount)
            ?? Counter("candidate_lists", value.CandidateLists)
            ?? Counter("training_next", value.TrainingNext)
            ?? Each(value.Cohorts, "cohorts", Few, Of)
            ?? Number("liked_clicks", value.LikedClicks, 0, Amount)
            ?? Number("liked_shown", value.LikedShown, 0, Amount)
            ?? Of(value.Estimate)
            ?? Time("published_unix_ms", value.PublishedUnixMs)
            ?? Counter("restored_version", value.RestoredVersion)
            ?? Id("rollback_id", value.RollbackId);
    }

    public static string? Of(Policy.V1.PolicyCommand value)
        => value.Rollback is null
            ? "what asks for nothing that is known here"
            : Counter("rollback.version", value.Rollback.Version) ?? Id("rollback.request_id", value.Rollback.RequestId);

    private static string? Of(Impression.Types.Shown value)
        => Id("item_id", value.ItemId)
            ?? Counter("position", value.Position, most: Several)
            ?? Number("score", value.Score, -Amount, Amount)
            ?? Number("propensity", value.Propensity, 0, 1.001)
            ?? Numbers("features", value.Features, Features)
            ?? Number("fatigue", value.Fatigue, -Amount, 0)
            ?? Id("pin", value.Pin)
            ?? Text("reason", value.Reason)
            ?? Each(value.BecauseOf, "because_of", Few, static id => Text("because_of", id));

    private static string? Of(Policy.V1.Policy.Types.Cohort value)
        => Text("name", value.Name, IdLength)
            ?? Aligned("users", value.Users.Length, Buckets / 8)
            ?? Each(value.Layers, "layers", Several, static layer => Number("chosen", layer.Chosen, 0, Amount));

    private static string? Of(Policy.V1.Policy.Types.LayerRate value)
        => Number("clicks", value.Clicks, 0, Amount)
            ?? Number("shown", value.Shown, 0, Amount)
            ?? Number("liked_clicks", value.LikedClicks, 0, Amount)
            ?? Number("liked_shown", value.LikedShown, 0, Amount);

    private static string? Of(Policy.V1.Policy.Types.Estimate? value)
        => value is null
            ? null
            : Counter("slates", value.Slates, most: 1_000_000)
                ?? Number("ips", value.Ips, -Amount, Amount)
                ?? Number("snips", value.Snips, -Amount, Amount)
                ?? Number("doubly_robust", value.DoublyRobust, -Amount, Amount)
                ?? Number("half_width", value.HalfWidth, 0, Amount)
                ?? Number("effective_slates", value.EffectiveSlates, 0, Amount);

    private static string? Of(Impression.Types.LayerBelief value)
        => Number("liked", value.Liked, 0, 1)
            ?? Number("liked_rate", value.LikedRate, 0, 1)
            ?? Number("other_rate", value.OtherRate, 0, 1)
            ?? Each(value.Words, "words", Few, static word => Text("word", word))
            ?? Number("probability", value.Probability, 0, 1.001);

    private static string? Row(string field, RepeatedField<double> values, int features, double least = -Amount)
        => Aligned(field, values.Count, features) ?? Numbers(field, values, Features, least);
}
