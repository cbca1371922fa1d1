using System.Text.RegularExpressions;
using Strata.ServiceDefaults.Forgetting;

namespace Strata.ServiceDefaults.Pseudonyms;

/// <summary>
/// Names users without their ids. The first key names an id, the next one what the key before it has named: so what is held under one key
/// can be brought under the next by whoever has that key, without any id. Pure.
/// </summary>
public static partial class PseudonymKey
{
    // 32 bytes in base64url.
    private const int HashLength = 43;

    /// <summary>
    /// The user's name under each key, newest first: the key's own name, a dot, and HMAC-SHA-256 of the name under the key before it, in
    /// base64url.
    /// </summary>
    /// <param name="userId">The id as callers know it.</param>
    /// <param name="keys">Keys, newest first.</param>
    public static IEnumerable<string> NamesOf(string userId, IReadOnlyList<UserKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var names = new Stack<string>(keys.Count);
        foreach (var key in keys.Reverse())
        {
            userId = key.PseudonymOf(userId);
            names.Push(userId);
        }

        return names;
    }

    /// <summary>
    /// The name under the newest key of who has this one under an older key; null: it is one under the newest, or under none.
    /// </summary>
    /// <param name="name">A name, as the store has it.</param>
    /// <param name="keys">Keys, newest first.</param>
    /// <param name="fromPlain">What no key has made is an id.</param>
    public static string? NewestOf(string name, IReadOnlyList<UserKey> keys, bool fromPlain)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(keys);
        var made = keys.ToList().FindIndex(key => IsBy(key, name));
        if (made == 0 || (made < 0 && !fromPlain))
        {
            return null;
        }

        for (var next = (made < 0 ? keys.Count : made) - 1; next >= 0; next--)
        {
            name = keys[next].PseudonymOf(name);
        }

        return name;
    }

    /// <summary>True when the key has made the name, by its form.</summary>
    public static bool IsBy(UserKey key, string name)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(name);
        return name.Length == key.Name.Length + 1 + HashLength
            && name.StartsWith(key.Name, StringComparison.Ordinal) && name[key.Name.Length] == '.';
    }

    /// <summary>Reads a file of keys, newest first.</summary>
    /// <exception cref="InvalidDataException">A line is no key, or a name stands twice, or is not one that ids may hold.</exception>
    public static IReadOnlyList<UserKey> ReadFile(string path)
    {
        var keys = UserKey.ReadFile(path);
        return keys.FirstOrDefault(key => !Name().IsMatch(key.Name)) is { } odd
            ? throw new InvalidDataException($"{path}: '{odd.Name}' names no key: take up to 32 letters, digits, '-' and '_'.")
            : keys;
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,32}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
