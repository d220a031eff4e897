// A recorded file goes to the server in one request, with its progress.

/** Resolves to the server's answer; throws an Error with the server's own words. */
export function upload({ url, token, file, speakers, progress }) {
  const form = new FormData();
  form.set("speakers", speakers);
  form.set("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch cannot tell how much has been sent
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", token);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    request.onload = () => {
      if (request.status < 400) resolve(request.response);
      else reject(new Error(request.response?.detail ?? String(request.status)));
    };
    request.onerror = () => reject(new Error(""));
    request.send(form);
  });
}
