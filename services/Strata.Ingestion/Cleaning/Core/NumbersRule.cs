using System.Globalization;
using Strata.Contracts.Events.V1;
using Strata.Edge.Requests;

namespace Strata.Ingestion.Cleaning.Core;

/// <summary>
/// Amounts: what is none is refused, what is beyond its limit counts as the limit. Pure.
/// </summary>
internal static class NumbersRule
{
    /// <summary>True when an amount was held to its limit.</summary>
    /// <param name="clean">The event, changed in place.</param>
    /// <param name="options">Limits.</param>
    /// <param name="violations">Takes what is wrong.</param>
    public static bool Apply(UserEvent clean, NumbersOptions options, Violations violations)
    {
        violations.Require(
            clean.Quantity >= 0,
            "event.quantity",
            string.Create(
                CultureInfo.InvariantCulture,
                $"is {clean.Quantity}: returns and cancelled invoices are no interest, do not send them; else send 0 or more"));
        RequireAmount("event.dwell_seconds", clean.DwellSeconds, "seconds", violations);
        RequireAmount("event.price", clean.Price, "the shop's currency", violations);
        if (!options.Enabled || !violations.None)
        {
            return false;
        }

        var sent = (clean.Quantity, clean.DwellSeconds, clean.Price);
        clean.Quantity = Math.Min(clean.Quantity, options.MaxQuantity);
        if (clean.HasDwellSeconds)
        {
            clean.DwellSeconds = Math.Min(clean.DwellSeconds, options.MaxDwell.TotalSeconds);
        }

        if (clean.HasPrice)
        {
            clean.Price = Math.Min(clean.Price, options.MaxPrice);
        }

        return sent != (clean.Quantity, clean.DwellSeconds, clean.Price);
    }

    private static void RequireAmount(string field, double amount, string unit, Violations violations)
        => violations.Require(
            double.IsFinite(amount) && amount >= 0,
            field,
            string.Create(CultureInfo.InvariantCulture, $"is {amount}: send a number of at least 0 in {unit}, or leave it out"));
}
