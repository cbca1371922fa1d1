using System.ComponentModel.DataAnnotations;
using Strata.Contracts.Events.V1;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>How much an event of each kind says about what a user is interested in.</summary>
public sealed class InterestWeights
{
    /// <summary>Weight of a search.</summary>
    /// <value>The default is 0.7.</value>
    [Range(0.0, 100.0)]
    public float Search { get; set; } = .7f;

    /// <summary>Weight of a view.</summary>
    /// <value>The default is 0.3.</value>
    [Range(0.0, 100.0)]
    public float View { get; set; } = .3f;

    /// <summary>Weight of a click.</summary>
    /// <value>The default is 1.</value>
    [Range(0.0, 100.0)]
    public float Click { get; set; } = 1;

    /// <summary>Weight of a like.</summary>
    /// <value>The default is 2.</value>
    [Range(0.0, 100.0)]
    public float Like { get; set; } = 2;

    /// <summary>Weight of putting into the cart.</summary>
    /// <value>The default is 3.</value>
    [Range(0.0, 100.0)]
    public float Cart { get; set; } = 3;

    /// <summary>Weight of a purchase.</summary>
    /// <value>The default is 5.</value>
    [Range(0.0, 100.0)]
    public float Purchase { get; set; } = 5;

    /// <summary>Weight of a dismissal: only lowers weights.</summary>
    /// <value>The default is -1.</value>
    [Range(-100.0, 0.0)]
    public float Dismiss { get; set; } = -1;

    /// <summary>Weight of a kind; 0 for an unknown one.</summary>
    public float Of(EventKind kind) => kind switch
    {
        EventKind.Search => Search,
        EventKind.View => View,
        EventKind.Click => Click,
        EventKind.Like => Like,
        EventKind.Cart => Cart,
        EventKind.Purchase => Purchase,
        EventKind.Dismiss => Dismiss,
        _ => 0,
    };
}
