using Google.Protobuf.Collections;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using static Strata.Contracts.Bounds.FieldBounds;

namespace Strata.Contracts.Bounds;

/// <summary>Bounds of what belongs to arms of experiments.</summary>
internal static class ArmBounds
{
    /// <summary>Registers of a sketch of items.</summary>
    public const int Registers = 4_096;

    public static string? Of(RepeatedField<ExperimentArm> arms) => Each(arms, "arms", ExperimentNames.MostArms, Of);

    public static string? Of(RepeatedField<UserArm> arms) => Each(
        arms,
        "arms",
        ExperimentNames.MostArms,
        static own => Of(own.Arm)
            ?? Counter("slates", own.Slates)
            ?? Counter("clicked", own.Clicked, (long)own.Slates)
            ?? Number("ndcg", own.Ndcg, 0, Amount));

    public static string? Of(ArmOutcomes value)
        => Of(value.Arm)
            ?? Counter("users", value.Users)
            ?? Counter("slates", value.Slates)
            ?? Counter("clicked", value.Clicked)
            ?? Number("ndcg", value.Ndcg, 0, Amount)
            ?? Number("slates_slates", value.SlatesSlates, 0, Amount)
            ?? Number("slates_clicked", value.SlatesClicked, 0, Amount)
            ?? Number("clicked_clicked", value.ClickedClicked, 0, Amount)
            ?? Number("clicked_ndcg", value.ClickedNdcg, 0, Amount)
            ?? Number("ndcg_ndcg", value.NdcgNdcg, 0, Amount)
            ?? (value.Items.IsEmpty ? null : Aligned("items", value.Items.Length, Registers))
            ?? Time("first_unix_ms", value.FirstUnixMs)
            ?? Time("last_unix_ms", value.LastUnixMs);

    private static string? Of(ExperimentArm? arm)
        => arm is not null && ExperimentNames.IsName(arm.Experiment) && ExperimentNames.IsName(arm.Arm)
            ? null
            : Say($"an arm is '{arm?.Experiment}', '{arm?.Arm}', not two names of 1 to 64 of a to z, 0 to 9 and -");
}
