using System.Globalization;
using Spectre.Console;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Users.V1;
using Profile = Strata.Contracts.State.V1.Profile;

namespace Strata.Cli.Users;

/// <summary>How a user stands to a layer.</summary>
/// <param name="LayerId">The layer.</param>
/// <param name="Words">Its words, best first.</param>
/// <param name="LongInterest">Share of their weight at the long horizon, 0 to 1.</param>
/// <param name="ShortInterest">At the short one.</param>
/// <param name="Probability">Probability of being recommended from it.</param>
/// <param name="Wish">What they want of it: boost, mute, pin; empty: nothing in particular.</param>
/// <param name="Fed">Items of theirs that the layer's weight came of.</param>
internal sealed record LayerOfUser(
    uint LayerId,
    IReadOnlyList<string> Words,
    double LongInterest,
    double ShortInterest,
    double Probability,
    string Wish,
    IReadOnlyList<string> Fed);

/// <summary>Something they did of late: an item with all that they did to it, or a query.</summary>
/// <param name="Last">Event time of the last of it.</param>
/// <param name="What">Kinds of the events, such as "view, click".</param>
/// <param name="Of">The item, or the query in quotation marks.</param>
/// <param name="LayerId">The layer that it fed, where that is known; else null.</param>
internal sealed record ActOfUser(DateTimeOffset Last, string What, string Of, uint? LayerId);

/// <summary>Where something of them lies.</summary>
/// <param name="Name">"store:profile", "topic:strata.events.v1".</param>
/// <param name="What">What it is.</param>
/// <param name="Until">When the last of it is gone; null: it lives as long as they do.</param>
internal sealed record PlaceOfUser(string Name, string What, DateTimeOffset? Until);

/// <summary>A user for operators, put together from what Ranking's calls say.</summary>
internal sealed record UserView
{
    public required string UserId { get; init; }

    /// <summary>Events ever absorbed.</summary>
    public required ulong Events { get; init; }

    /// <summary>Event time of the newest one; null: there is none.</summary>
    public required DateTimeOffset? LastEvent { get; init; }

    /// <summary>Age band, gender, region, as far as they are known.</summary>
    public required IReadOnlyList<string> Attributes { get; init; }

    /// <summary>Their own words, best first.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>What they do is kept.</summary>
    public required bool Stores { get; init; }

    /// <summary>Their slates are their own.</summary>
    public required bool Personalises { get; init; }

    /// <summary>Version of the layer set.</summary>
    public required ulong LayerSet { get; init; }

    public required IReadOnlyList<LayerOfUser> Layers { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<ActOfUser> Recent { get; init; }

    public required IReadOnlyList<PlaceOfUser> Places { get; init; }

    /// <summary>Puts the answers of three calls together.</summary>
    public static UserView Of(ExportUserResponse held, GetUserLayersResponse row, GetConsentResponse consent)
    {
        var profile = held.Profile ?? new Profile();
        var fed = held.Layers.ToDictionary(layer => layer.LayerId);
        var layerOf = held.Layers.SelectMany(layer => layer.ItemIds.Select(item => (item, layer.LayerId)))
            .DistinctBy(pair => pair.item).ToDictionary(pair => pair.item, pair => pair.LayerId, StringComparer.Ordinal);
        return new UserView
        {
            UserId = held.UserId,
            Events = profile.Events,
            LastEvent = profile.LastEventUnixMs > 0 ? Time(profile.LastEventUnixMs) : null,
            Attributes = Known(profile.Attributes),
            Words = [.. row.Words],
            Stores = consent.Store,
            Personalises = consent.Personalise,
            LayerSet = row.Version,
            Layers =
            [
                .. row.Layers.Select(layer => new LayerOfUser(
                    layer.LayerId,
                    [.. layer.Words],
                    layer.LongInterest,
                    layer.ShortInterest,
                    layer.Probability,
                    layer.Action == LayerAction.Unspecified ? "" : layer.Action.ToString().ToLowerInvariant(),
                    fed.TryGetValue(layer.LayerId, out var items) ? [.. items.ItemIds] : [])),
            ],
            Recent =
            [
                .. profile.Items
                    .Select(item => new ActOfUser(
                        Time(item.LastUnixMs),
                        Kinds(item.Kinds),
                        item.ItemId,
                        layerOf.TryGetValue(item.ItemId, out var layer) ? layer : null))
                    .Concat(profile.Queries.Select(query => new ActOfUser(Time(query.TimeUnixMs), "search", $"\"{query.Text}\"", null)))
                    .OrderByDescending(act => act.Last),
            ],
            Places = [.. held.Places.Select(place => new PlaceOfUser(place.Name, place.What, place.Until?.ToDateTimeOffset()))],
        };
    }

    public static void Print(IAnsiConsole console, UserView user)
    {
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{user.UserId}: {user.Events:N0} events, the last {Text(user.LastEvent)}; {(user.Stores ? "stored" : "not stored")}, "
                + $"{(user.Personalises ? "personal" : "not personal")}"));
        Line("attributes", user.Attributes);
        Line("words", user.Words);
        var layers = new Table().Title(string.Create(CultureInfo.InvariantCulture, $"layers, set {user.LayerSet}"))
            .AddColumns("layer", "words", "long", "short", "probability", "wish", "fed by");
        foreach (var layer in user.Layers)
        {
            layers.AddRow(
                layer.LayerId.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(string.Join(", ", layer.Words.Take(4))),
                Share(layer.LongInterest),
                Share(layer.ShortInterest),
                Share(layer.Probability),
                layer.Wish,
                Markup.Escape(string.Join(", ", layer.Fed)));
        }

        console.Write(layers);
        var acts = new Table().Title("of late").AddColumns("time", "what", "of", "layer");
        foreach (var act in user.Recent)
        {
            acts.AddRow(
                Text(act.Last), act.What, Markup.Escape(act.Of), act.LayerId?.ToString(CultureInfo.InvariantCulture) ?? "");
        }

        console.Write(acts);
        var places = new Table().Title("where it lies").AddColumns("place", "what", "until");
        foreach (var place in user.Places)
        {
            places.AddRow(place.Name, Markup.Escape(place.What), place.Until is null ? "" : Text(place.Until));
        }

        console.Write(places);

        void Line(string name, IReadOnlyList<string> what)
        {
            if (what.Count > 0)
            {
                console.WriteLine($"{name}: {string.Join(", ", what)}");
            }
        }
    }

    private static string Kinds(uint kinds)
        => string.Join(", ", Enum.GetValues<EventKind>().Where(kind => kind != 0 && (kinds & (1u << (int)kind)) != 0)
            .Select(kind => kind.ToString().ToLowerInvariant()));

    private static IReadOnlyList<string> Known(UserAttributes? attributes)
        => attributes is null
            ? []
            : [.. new[] { attributes.AgeBand, attributes.Gender, attributes.Region }.Where(value => value.Length > 0)];

    private static DateTimeOffset Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);

    private static string Text(DateTimeOffset? time)
        => time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "never";

    private static string Share(double share) => share.ToString("P1", CultureInfo.InvariantCulture);
}
