namespace Strata.ServiceDefaults.Access;

/// <summary>What a key opens. Each is a policy of the same name; every call names one.</summary>
public static class Scopes
{
    /// <summary>Sends what users do and want.</summary>
    public const string Events = "events";

    /// <summary>Puts items and takes them out.</summary>
    public const string Catalogue = "catalogue";

    /// <summary>Asks for slates, explanations and layers.</summary>
    public const string Read = "read";

    /// <summary>Holds what is stored of users: attributes, export, erasure.</summary>
    public const string Users = "users";

    /// <summary>Runs the system: moves layers, reads metrics.</summary>
    public const string Operate = "operate";

    /// <summary>Type of the claims that say what a caller may do.</summary>
    public const string Claim = "strata:scope";

    /// <summary>Type of the claim that binds a caller to one user.</summary>
    public const string UserClaim = "strata:user";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Events, Catalogue, Read, Users, Operate];
}
