// Tests of numbers, and forms of texts.

function number(text) {
    return /^\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\s*$/.test(text) ? Number(text) : null;
}

function equals(text, wanted) { return number(text || '') === wanted ? '1' : '0'; }

function ordered(order, sides) {
    var values = sides.map(function (side) { return typeof side === 'string' ? number(side) : side === undefined ? null : side; });
    for (var i = 0; i + 1 < values.length; i++) {
        var a = values[i], b = values[i + 1];
        if (a === null || b === null) { return '0'; }
        if (!(order === '<' ? a < b : order === '<=' ? a <= b : order === '>' ? a > b : a >= b)) { return '0'; }
    }
    return '1';
}

function random(r, most) {
    return String(parseInt(r.variables.request_id.substring(0, 12), 16) % (Number(most) + 1));
}

function slice(text, offset, length) {
    var start = offset < 0 ? Math.max(0, text.length + offset) : offset;
    if (length === undefined) { return text.substring(start); }
    return length >= 0 ? text.substring(start, start + length) : text.substring(Math.max(0, start + length), start);
}

function remove_start(text, regex) {
    var found = regex.exec(text);
    return found && found.index === 0 ? text.substring(found[0].length) : text;
}

function put_together(parts, found) {
    return parts.map(function (part) {
        if (typeof part === 'string') { return part; }
        var text = found[part[0]] || '';
        return part[1] === 'upper' ? text.toUpperCase() : part[1] === 'lower' ? text.toLowerCase() : text;
    }).join('');
}

function replace(text, regex, parts) {
    return text.replace(regex, function () { return put_together(parts, arguments); });
}

function capture(text, regex, parts) {
    var found = regex.exec(text);
    return found ? put_together(parts, found) : '';
}

function change_case(text, to, regex) {
    var change_of = function (found) { return to === 'upper' ? found.toUpperCase() : found.toLowerCase(); };
    return regex === null ? change_of(text) : text.replace(regex, change_of);
}

// The functions of this site's rules.
