namespace Strata.Optimizer.Estimates;

/// <summary>Clicks a slate that a policy would have had, from slates that others showed.</summary>
/// <param name="Slates">Slates looked at.</param>
/// <param name="Clicked">Those of which something was chosen: only these say anything.</param>
/// <param name="Ips">By inverse propensities.</param>
/// <param name="Snips">The same, normalised by the weights themselves.</param>
/// <param name="DoublyRobust">By a model, and by what the model does not explain, weighted and clipped.</param>
/// <param name="HalfWidth">Half of the 95 % interval of <paramref name="DoublyRobust"/>.</param>
/// <param name="EffectiveSlates">How many slates of equal weight would tell as much.</param>
internal readonly record struct OffPolicyEstimate(
    int Slates, int Clicked, double Ips, double Snips, double DoublyRobust, double HalfWidth, double EffectiveSlates);
