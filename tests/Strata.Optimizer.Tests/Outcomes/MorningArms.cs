using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Numerics;
using Strata.ServiceDefaults.State;
using Strata.Testing.Doubles;

namespace Strata.Optimizer.Tests.Outcomes;

/// <summary>A morning's slates in the two arms of an experiment, and what is counted of them.</summary>
internal static class MorningArms
{
    public static Impression Slate(int number, string user)
    {
        var slate = Scene.Impression($"r{number}", user, number, "a", "b", "c");
        slate.Arms.Add(new ExperimentArm { Experiment = "layers", Arm = number % 2 == 0 ? "control" : "other" });
        return slate;
    }

    /// <summary>Keys that cannot be written: those of users' counts, of arms, or none.</summary>
    public static (string Ending, Exception Fault)? CrashAt(string? where, int partition) => where switch
    {
        "users" => (":policy", new InvalidOperationException("crash")),
        "arms" => ($":{partition}", new InvalidOperationException("crash")),
        _ => null,
    };

    /// <summary>Two users an arm, with a quarter of all slates each; what is clicked, in one arm, stands at the second position.</summary>
    public static void AssertCounted(InMemoryStateStore store, int partition, int slates)
    {
        var (control, other) = (Of("control"), Of("other"));
        var (each, ndcg) = (slates / 4, slates / 4 / Math.Log2(3));
        Assert.Equal((2ul, (ulong)slates / 2, (ulong)slates / 2, 2.0 * each * each, 2.0 * each * each), (
            control.Users, control.Slates, control.Clicked, control.SlatesSlates, control.SlatesClicked));
        Assert.Equal(2 * ndcg, control.Ndcg, 6);
        Assert.Equal(2 * each * ndcg, control.ClickedNdcg, 6);
        Assert.Equal(2 * ndcg * ndcg, control.NdcgNdcg, 6);
        Assert.Equal((2ul, (ulong)slates / 2, 0ul, 2.0 * each * each, 0.0), (
            other.Users, other.Slates, other.Clicked, other.SlatesSlates, other.ClickedClicked));
        Assert.Equal(3, DistinctCount.Estimate(control.Items.Span), 0.01);
        Assert.Equal((Scene.At(0), Scene.At(slates - 2)), (control.FirstUnixMs, control.LastUnixMs));

        ArmOutcomes Of(string arm)
            => ArmOutcomes.Parser.ParseFrom(FencedValue.Payload(store.Values[Keys.ArmOutcomes("layers", arm, partition)]).Span);
    }
}
