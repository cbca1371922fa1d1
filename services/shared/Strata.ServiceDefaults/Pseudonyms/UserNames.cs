using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Strata.ServiceDefaults.Files;
using Strata.ServiceDefaults.Forgetting;

namespace Strata.ServiceDefaults.Pseudonyms;

/// <summary>
/// By which name a user stands behind the edges: their pseudonym where keys are configured, else their id. Only what answers callers knows
/// this; whatever reads a topic or the store meets names.
/// </summary>
public sealed class UserNames
{
    private readonly WatchedFile<IReadOnlyList<UserKey>>? _file;
    private readonly bool _fromPlain;
    private IReadOnlyList<UserKey> _before = [];

    /// <summary>Reads the file of keys.</summary>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public UserNames(IOptions<PseudonymsOptions> options, TimeProvider time, ILogger<UserNames> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _fromPlain = options.Value.FromPlain;
        _file = options.Value.KeysFile is { Length: > 0 } path ? new(path, Read, time, logger) : null;
    }

    /// <summary>Every user by their id.</summary>
    public static UserNames Plain { get; }
        = new(Options.Create(new PseudonymsOptions()), TimeProvider.System, NullLogger<UserNames>.Instance);

    // Any other change would rename everybody: what is held of them would be found no more, and what they refused would be done.
    private IReadOnlyList<UserKey> Read(string path)
    {
        var keys = PseudonymKey.ReadFile(path);
        if (!keys.TakeLast(_before.Count).Select(key => key.PseudonymOf("")).SequenceEqual(_before.Select(key => key.PseudonymOf(""))))
        {
            throw new InvalidDataException(
                $"{path}: the keys that were there are not there any more, or below a new one. Put new keys on top, and leave the others.");
        }

        _before = keys;
        return keys;
    }

    /// <summary>The name under the newest key: by it everything is written. Of nobody: empty.</summary>
    public string Of(string userId)
    {
        ArgumentNullException.ThrowIfNull(userId);
        return _file is null || userId.Length == 0 ? userId : PseudonymKey.NamesOf(userId, _file.Current).First();
    }

    /// <summary>All names under which something may be held of a user, the newest first.</summary>
    public IReadOnlyList<string> AllOf(string userId)
    {
        ArgumentNullException.ThrowIfNull(userId);
        return _file is null || userId.Length == 0 ? [userId]
            : [.. PseudonymKey.NamesOf(userId, _file.Current), .. _fromPlain ? [userId] : Array.Empty<string>()];
    }
}
