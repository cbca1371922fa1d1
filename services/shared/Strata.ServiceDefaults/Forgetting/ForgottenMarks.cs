using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Users.V1;
using Strata.ServiceDefaults.State;

namespace Strata.ServiceDefaults.Forgetting;

/// <summary>
/// Who was forgotten, by keyed hash. A user's value that is not in the store may be one that was forgotten: then its mark says which
/// records it held, and up to when the user's acts say nothing any more.
/// </summary>
public sealed class ForgottenMarks(IStateStore store, UserKeyRing keys, IOptions<UsersOptions> options)
{
    /// <summary>How long a mark is kept.</summary>
    public TimeSpan Lifetime => options.Value.MarkLifetime;

    /// <summary>
    /// The marks of users by id, each under the key that it was made with; where there is none, under the newest. Empty without keys.
    /// </summary>
    /// <param name="kind">What the mark stands for: "profile", "layers" or "policy".</param>
    /// <param name="userIds">Users, each once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<IReadOnlyDictionary<string, ForgottenMark>> ReadAsync(
        string kind, IReadOnlyCollection<string> userIds, CancellationToken cancellationToken)
    {
        var marks = new Dictionary<string, ForgottenMark>(userIds.Count, StringComparer.Ordinal);
        var all = keys.All;
        if (all.Count == 0 || userIds.Count == 0)
        {
            return marks;
        }

        string[] names = [.. userIds.SelectMany(user => all.Select(key => Keys.Forgotten(key.HashOf(user), kind)))];
        var values = await store.ReadMessagesAsync(names, Forgotten.Parser, cancellationToken);
        foreach (var (user, at) in userIds.Select((user, i) => (user, i * all.Count)))
        {
            var newest = Enumerable.Range(at, all.Count).MaxBy(i => values[i].Message?.AskedUnixMs ?? 0);
            marks[user] = new ForgottenMark(names[newest], values[newest]);
        }

        return marks;
    }

    /// <summary>Whoever reads that a user is forgotten has to remember it.</summary>
    /// <exception cref="InvalidOperationException">There are no keys, and so no mark.</exception>
    public static ForgottenMark Require(ForgottenMark? mark)
        => mark ?? throw new InvalidOperationException(
            $"A user was forgotten, and this process has no key to remember it by: set {UsersOptions.SectionName}:"
                + $"{nameof(UsersOptions.KeysFile)} to the file that every service has.");
}
