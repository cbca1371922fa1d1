using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Strata.RankingModel;

namespace Strata.Ranking.Slates;

/// <summary>How scores become a slate.</summary>
public sealed class SlateOptions
{
    public const string SectionName = "Ranking:Slates";

    /// <summary>
    /// Probability that a position of a slate's second half is given to a layer drawn from the user's layer probabilities instead of to the
    /// best score.
    /// </summary>
    /// <value>0.1.</value>
    [Range(0.0, 1.0)]
    public double Exploration { get; set; } = 0.1;

    /// <summary>
    /// Which item of the layer drawn a position that explores takes: the best by score and this many standard deviations of the scores over
    /// √(1 + n) for one with n events. 0: the best by score.
    /// </summary>
    /// <value>1.</value>
    [Range(0.0, 10.0)]
    public double Curiosity { get; set; } = 1;

    /// <summary>
    /// What likeness to an item already placed costs: this many standard deviations of the scores at a cosine of 1. Small, so that order
    /// by score is seldom changed; 0: order by score.
    /// </summary>
    /// <value>0.05.</value>
    [Range(0.0, 10.0)]
    public double Diversity { get; set; } = 0.05;

    /// <summary>
    /// What it is worth that a layer has one position fewer than its probability says: this many standard deviations of the scores in the
    /// mean over a slate's positions, from nearly nothing at the first to twice as much at the last. 0: the slate's layers are those that
    /// the scores give. .14 brings the layers of 20 positions within .15 of the probabilities (total variation, above the least possible);
    /// the same worth at every position needs .28 for that, and costs by basket .4 % of NDCG@20 more.
    /// </summary>
    /// <value>0.14.</value>
    [Range(0.0, 10.0)]
    public double Calibration { get; set; } = 0.14;

    /// <summary>
    /// How much of a layer's probability is what the scores say, for a user who was shown much: the softmax of the candidates' scores,
    /// which is what the learner makes it fit, summed by layer. The rest is the rule's, from click rates and interest. Who was shown
    /// nothing has all of it from the scores; <see cref="PriorImpressions"/> later the rule has half of its part. After a search it is all
    /// the rule's, because the weights then are not learned.
    /// </summary>
    /// <value>0.75.</value>
    [Range(0.0, 1.0)]
    public double ScoreShare { get; set; } = 0.75;

    /// <summary>
    /// How much of a layer's probability is its share of what the user ever held: their items by the most that they did with each (view
    /// .3, click 1, like 2, cart 3, purchase 5). That many positions, rounded, are the layer's whatever came since. Nothing after a search.
    /// </summary>
    /// <value>0.2.</value>
    [Range(0.0, 0.5)]
    public double HeldShare { get; set; } = 0.2;

    /// <summary>Half-life of what a user holds.</summary>
    /// <value>365 days.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan HeldHalfLife { get; set; } = TimeSpan.FromDays(365);

    /// <summary>
    /// By how much <see cref="Calibration"/> is multiplied for a user whose last act is a search, at every position alike: over 357 queries
    /// .8 of a slate's items are of the query's topic so, and .76 without.
    /// </summary>
    /// <value>7.</value>
    [Range(0.0, 100.0)]
    public double CalibrationAfterSearch { get; set; } = 7;

    /// <summary>Sizes and colours of one thing in a slate, at most, as long as there is something else.</summary>
    /// <value>2.</value>
    [Range(1, 1000)]
    public int Variants { get; set; } = 2;

    /// <summary>
    /// How what is known of a user's layers becomes probabilities: <c>Liking</c>, or by click rates <c>SquareCb</c> or <c>Softmax</c>. In
    /// simulation (<c>strata evaluate policy</c>) Liking has .71 of an oracle's clicks, the others .62 and .61.
    /// </summary>
    /// <value><see cref="LayerRule.Liking"/>.</value>
    [EnumDataType(typeof(LayerRule))]
    public LayerRule Rule { get; set; } = LayerRule.Liking;

    /// <summary>
    /// How sharply what pays more is preferred, for a user who was shown nothing yet: the γ of inverse-gap weighting. It grows with the
    /// root of what they were shown. The rule SquareCb wants 400.
    /// </summary>
    /// <value>4000.</value>
    [Range(0.0, 1_000_000)]
    public double Gamma { get; set; } = LayerLiking.DefaultGamma;

    /// <summary>Softmax's temperature: the difference of two click rates that makes one layer e times as probable.</summary>
    /// <value>0.015.</value>
    [Range(1e-6, 1000)]
    public double Temperature { get; set; } = LayerPolicy.DefaultTemperature;

    /// <summary>
    /// ε: by the rule each of a user's K layers has at least the probability ε/K. 0.02 was best beside SquareCB in simulation.
    /// </summary>
    /// <value>0.02.</value>
    [Range(0.0, 1.0)]
    public double Floor { get; set; } = 0.02;

    /// <summary>
    /// Layers that are not the user's, the heaviest of all, that exploration may draw besides their own. They are drawn as rarely as
    /// <see cref="Floor"/> lets them be: with 8 of them and a floor of 1, a tenth of exploration costs six of a hundred clicks in
    /// simulation and finds a quarter more new interests (any candidate: eight, and an eighth); the user's own layers alone cost nothing
    /// and find none (<c>Strata.Benchmarks exploration</c>). Who was shown nothing yet has none of them but by the scores.
    /// </summary>
    /// <value>0.</value>
    [Range(0, 1000)]
    public int NewLayers { get; set; }

    /// <summary>
    /// How many standard deviations of the scores an item of a boosted layer gains in the order of the slate; its score stays what it is.
    /// </summary>
    /// <value>1.</value>
    [Range(0.0, 10.0)]
    public double Boost { get; set; } = 1;

    /// <summary>By how much the expected click rate of a boosted layer is multiplied before it becomes a probability.</summary>
    /// <value>2.</value>
    [Range(1.0, 100.0)]
    public double BoostRate { get; set; } = 2;

    /// <summary>
    /// The user is taken to have one interest, as if the catalogue were one layer: features of layers say nothing, the sources by layer
    /// propose nothing, and no position is a layer's. What users want of layers holds still. For the arm of an experiment that says what
    /// layers are worth.
    /// </summary>
    /// <value>False.</value>
    public bool OneInterest { get; set; }

    /// <summary>How many of a user's impressions from a layer weigh as much as what all users did.</summary>
    /// <value>20.</value>
    [Range(0.1, 1_000_000)]
    public double PriorImpressions { get; set; } = LayerPolicy.DefaultPriorImpressions;
}

/// <summary>Rules that turn click rates into probabilities.</summary>
public enum LayerRule
{
    /// <summary>Inverse-gap weighting of click rates.</summary>
    SquareCb,

    /// <summary>∝ exp(rate / temperature).</summary>
    Softmax,

    /// <summary>Inverse-gap weighting of what a layer pays if it is liked, by how likely it is.</summary>
    Liking,
}

[OptionsValidator]
internal sealed partial class SlateOptionsValidator : IValidateOptions<SlateOptions>;
