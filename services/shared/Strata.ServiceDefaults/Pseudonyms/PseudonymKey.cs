using System.Text.RegularExpressions;
using Strata.ServiceDefaults.Forgetting;

namespace Strata.ServiceDefaults.Pseudonyms;

/// <summary>
/// Names users without their ids. The first key names an id, the next one what the key before it has named: so what is held under one key
/// can be brought under the next by whoever has that key, without any id. Pure.
/// </summary>
public static partial class PseudonymKey
{
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
