namespace Strata.Local.Sample;

/// <summary>What a shopper does with one item in front of them.</summary>
internal static class Choice
{
    /// <summary>
    /// Either a look, sometimes with a dismissal, or an opening, sometimes with a like, a cart and a purchase. A purchase comes out of the
    /// cart.
    /// </summary>
    /// <param name="random">Drawn from in a fixed order.</param>
    /// <param name="options">The chances.</param>
    /// <param name="open">Chance of opening the item.</param>
    public static IReadOnlyList<ShopperAction> About(Random random, SimulationOptions options, double open)
    {
        if (!random.Happens(open))
        {
            return random.Happens(options.Dismiss) ? [ShopperAction.View, ShopperAction.Dismiss] : [ShopperAction.View];
        }

        var actions = new List<ShopperAction> { ShopperAction.Click };
        if (random.Happens(options.Like))
        {
            actions.Add(ShopperAction.Like);
        }

        if (random.Happens(options.Cart))
        {
            actions.Add(ShopperAction.Cart);
            if (random.Happens(options.Purchase))
            {
                actions.Add(ShopperAction.Purchase);
            }
        }

        return actions;
    }
}
