using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Optimizer.Learning.Core;

/// <summary>How the policy is learned and when it is published.</summary>
public sealed class LearningOptions
{
    public const string SectionName = "Optimizer:Learning";

    /// <summary>Name of the policy: its key in strata.policy.v1.</summary>
    /// <value>default</value>
    [Required, StringLength(64, MinimumLength = 1)]
    public string PolicyName { get; set; } = "default";

    /// <summary>A policy is published once this much time has gone by since the last one and something was learned since.</summary>
    /// <value>5 seconds</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan PublishInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A policy is published at the latest after this many examples: as many are learned again after a crash.</summary>
    /// <value>2000</value>
    [Range(1, 1_000_000)]
    public int PublishExamples { get; set; } = 2000;

    /// <summary>How a gradient becomes a step: <c>Newton</c> or <c>AdaGrad</c>, which wants steps of about 0.05.</summary>
    /// <value>Newton</value>
    [EnumDataType(typeof(LearningRule))]
    public LearningRule Rule { get; set; } = LearningRule.Newton;

    /// <summary>Length of a learning step before the rule scales it.</summary>
    /// <value>1</value>
    [Range(1e-4, 10)]
    public double StepLength { get; set; } = 1;

    /// <summary>
    /// A policy whose estimate on the newest slates lies below that of the last one published by more than the interval of the difference
    /// is not published;
    /// learning goes on, and it is tried again. False: all are.
    /// </summary>
    /// <value>true</value>
    public bool HoldBack { get; set; } = true;

    /// <summary>How long what was learned is held back at most; then it is published whatever its estimate says.</summary>
    /// <value>6 hours: the log of examples keeps a day</value>
    [Range(typeof(TimeSpan), "00:00:01", "20:00:00")]
    public TimeSpan HoldBackAtMost { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Slates of which something was chosen that an estimate needs before it may hold a policy back.</summary>
    /// <value>50</value>
    [Range(2, 1_000_000)]
    public int HoldBackSlates { get; set; } = 50;

    /// <summary>Examples among which are the newest slates that policies are estimated on; read again at a start.</summary>
    /// <value>2000</value>
    [Range(1, 1_000_000)]
    public int WindowExamples { get; set; } = 2000;

    /// <summary>Versions kept beside the newest, to go back to.</summary>
    /// <value>10</value>
    [Range(1, 1000)]
    public int VersionsKept { get; set; } = 10;

    /// <summary>Time between two versions that are kept.</summary>
    /// <value>1 hour</value>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan KeepInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Half-life, in event time, of the click rates of layers.</summary>
    /// <value>30 days</value>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan LayerHalfLife { get; set; } = TimeSpan.FromDays(30);
}

[OptionsValidator]
internal sealed partial class LearningOptionsValidator : IValidateOptions<LearningOptions>;
