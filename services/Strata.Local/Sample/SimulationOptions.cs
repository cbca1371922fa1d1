namespace Strata.Local.Sample;

/// <summary>The world of the simulated shoppers. Equal options give equal events, to the last tick.</summary>
/// <remarks>Distributions: topics, items and gaps are skewed as in real shops (a few take much, most take a little), everything else is as
/// plain as it can be. With the defaults about 400 shoppers make 14,000 events in some four weeks, about three sessions each.</remarks>
internal sealed record SimulationOptions
{
    /// <value>Seed of everything; the default is 1.</value>
    public int Seed { get; init; } = 1;

    /// <value>Number of shoppers; the default is 400.</value>
    public int Shoppers { get; init; } = 400;

    /// <value>Length of the organic stream in events; null goes on for ever; the default is 14,000.</value>
    public int? Events { get; init; } = 14_000;

    /// <value>When the simulator's clock starts; the default is 2026-03-02T08:00Z, a Monday morning.</value>
    public DateTimeOffset Start { get; init; } = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    /// <value>Mean time between two sessions of a middling shopper, exponential; a third of it to the first session; the default is 14
    /// days.</value>
    public TimeSpan SessionGap { get; init; } = TimeSpan.FromDays(14);

    /// <value>Sigma of the log-normal factor on a shopper's own gap: some come often, some hardly; the default is .5.</value>
    public double GapSpread { get; init; } = 0.5;

    /// <value>Mean time between two items of a session, exponential; the default is 40 seconds.</value>
    public TimeSpan Dwell { get; init; } = TimeSpan.FromSeconds(40);

    /// <value>Mean number of items in a session: 3 and a geometric rest; the default is 9.</value>
    public double SessionItems { get; init; } = 9;

    /// <value>Mean time until a shopper drops one interest and takes up another, exponential; the default is 14 days.</value>
    public TimeSpan Drift { get; init; } = TimeSpan.FromDays(14);

    /// <value>Chances of one, two, three and four interests at a time; the default is .2, .35, .3, .15.</value>
    public IReadOnlyList<double> Interests { get; init; } = [0.2, 0.35, 0.3, 0.15];

    /// <value>Zipf exponent of the topics' popularity, in an order drawn from the seed; the default is .7.</value>
    public double TopicSkew { get; init; } = 0.7;

    /// <value>What one of a shopper's attributes multiplies or divides a topic's odds by; 1 tells nothing; the default is 2.</value>
    public double AttributeOdds { get; init; } = 2;

    /// <value>Zipf exponent of the items' appeal within a topic, in an order drawn from the seed; the default is .9.</value>
    public double AppealSkew { get; init; } = 0.9;

    /// <value>Sigma of the log-normal liking of a shopper for each shelf; the default is .8.</value>
    public double ShelfTaste { get; init; } = 0.8;

    /// <value>Chance that a whole session stays with one interest; the default is .25.</value>
    public double Burst { get; init; } = 0.25;

    /// <value>Chance, after each item outside a burst, of drawing the interest anew by weight; the default is .4.</value>
    public double Turn { get; init; } = 0.4;

    /// <value>Chance that such a draw is a whim (a present, say): any topic by its popularity; the default is .1.</value>
    public double Whim { get; init; } = 0.1;

    /// <value>Chance of typing a query when turning to an interest; the default is .45.</value>
    public double Search { get; init; } = 0.45;

    /// <value>Chance that the next item follows the last one's route; the default is .4.</value>
    public double Route { get; init; } = 0.4;

    /// <value>Chance that the next item is of the last one's shelf, or of the shelf searched for, by appeal; else it is any of the topic by
    /// appeal; the default is .25.</value>
    public double SameShelf { get; init; } = 0.25;

    /// <value>Chance that an item is one seen before; the default is .06.</value>
    public double Return { get; init; } = 0.06;

    /// <value>Chance that an item found organically is opened rather than only looked at; the default is .75.</value>
    public double Open { get; init; } = 0.75;

    /// <value>Chance of opening the most fitting item of a slate, once it is examined; the default is .6.</value>
    public double SlateOpen { get; init; } = 0.6;

    /// <value>Chance of opening an item of a slate that fits no interest, once it is examined; the default is .01.</value>
    public double SlateStray { get; init; } = 0.01;

    /// <value>Chance of a like after opening; the default is .12.</value>
    public double Like { get; init; } = 0.12;

    /// <value>Chance of putting an opened item in the cart; the default is .12.</value>
    public double Cart { get; init; } = 0.12;

    /// <value>Chance of buying what was put in the cart; the default is .45.</value>
    public double Purchase { get; init; } = 0.45;

    /// <value>Chance of dismissing what was looked at and not opened; the default is .05.</value>
    public double Dismiss { get; init; } = 0.05;
}
